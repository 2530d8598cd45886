// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;
using Tare.Engine.Networks;
using Tare.Images.Store;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Writes down a new container in docker's terms.</summary>
internal static class RecordComposer
{
    /// <param name="request">what was asked</param>
    /// <param name="image">what it is made from</param>
    /// <param name="spec">what was decided</param>
    /// <param name="options">the options that the spec was built from</param>
    /// <param name="mounts">binds and volumes, for inspect</param>
    public static ContainerRecord Compose(
        RunRequest request, StoredImage image, Spec spec, ContainerOptions options, IReadOnlyList<MountDocument> mounts)
    {
        IReadOnlyList<string> args = spec.Process!.Args!;
        return new(
            image.Id.ToString(),
            args[0],
            [.. args.Skip(1)],
            ConfigOf(request, image.Config.Config ?? new RunConfig(), spec),
            WithChanging(SettingsOf(request, spec, options), request, spec.Linux?.Resources),
            mounts,
            spec.Linux?.CgroupsPath ?? "",
            request,
            request.Log);
    }

    private static ConfigDocument ConfigOf(RunRequest request, RunConfig image, Spec spec) => new()
    {
        Hostname = spec.Hostname ?? "",
        Domainname = request.Domainname ?? "",
        User = request.User ?? image.User ?? "",
        AttachStdin = request.AttachStdin,
        AttachStdout = request.AttachStdout,
        AttachStderr = request.AttachStderr,
        Tty = request.Tty,
        OpenStdin = request.Interactive,
        StdinOnce = request.Interactive && request.AttachStdin,
        Env = [.. spec.Process!.Env!.Where(entry => !IsOurs(entry, request, image))],
        Cmd = request.Command.Count > 0 ? request.Command : request.Entrypoint is null ? image.Cmd : null,
        Image = request.Image,
        Volumes = SetOf(image.Volumes),
        WorkingDir = request.WorkingDirectory ?? image.WorkingDir ?? "",
        Entrypoint = request.Entrypoint is { Length: > 0 } one ? [one] : request.Entrypoint is null ? image.Entrypoint : null,
        ExposedPorts = ExposedOf(request, image.ExposedPorts),
        Labels = Merge(image.Labels, request.Labels),
        StopSignal = request.StopSignal ?? image.StopSignal,
        StopTimeout = request.StopTimeout,
    };

    /// <summary>What was said in the words in which it was said, and what holds beside it.</summary>
    private static LogConfigDocument LogOf(LogConfiguration log, IReadOnlyDictionary<string, string> said)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [LogConfiguration.MaxSizeOption] = log.MaxBytes > 0 ? log.MaxBytes.ToString(CultureInfo.InvariantCulture) : "-1",
            [LogConfiguration.MaxFileOption] = log.MaxFiles.ToString(CultureInfo.InvariantCulture),
        };
        if (log.Compress)
        {
            options[LogConfiguration.CompressOption] = "true";
        }

        foreach ((string option, string value) in said)
        {
            options[option] = value;
        }

        return new(log.Driver, log.Enabled ? new(options) : []);
    }

    /// <summary>The same container after limits or ports of it were changed.</summary>
    /// <param name="record">what was written down</param>
    /// <param name="request">what is asked now</param>
    /// <param name="resources">what that is for the kernel</param>
    /// <param name="image">what the image exposes</param>
    public static ContainerRecord Changed(ContainerRecord record, RunRequest request, Resources resources, IReadOnlyList<string>? image) => record with
    {
        Request = request,
        Config = record.Config with { ExposedPorts = ExposedOf(request, image) },
        HostConfig = WithChanging(record.HostConfig, request, resources),
    };

    /// <summary>What may be others later: limits and ports.</summary>
    private static HostConfigDocument WithChanging(HostConfigDocument document, RunRequest request, Resources? resources) => document with
    {
        PortBindings = NetworkInspection.Bindings(request.Ports),
        PublishAllPorts = request.PublishAll,
        CpuShares = request.CpuShares ?? 0,
        Memory = request.Memory ?? 0,
        MemoryReservation = request.MemoryReservation ?? 0,
        MemorySwap = request.MemorySwap ?? (request.Memory * 2 ?? 0),
        NanoCpus = request.NanoCpus ?? 0,
        CpuPeriod = request.CpuPeriod ?? 0,
        CpuQuota = request.CpuQuota ?? 0,
        CpusetCpus = request.CpusetCpus ?? "",
        CpusetMems = request.CpusetMems ?? "",
        BlkioWeight = request.BlkioWeight ?? 0,
        PidsLimit = resources?.Pids?.Limit ?? 0,
    };

    private static HostConfigDocument SettingsOf(RunRequest request, Spec spec, ContainerOptions options) => new()
    {
        Binds = NullIfEmpty(request.Mounts.Select(m => m.BindText).OfType<string>()),
        ContainerIDFile = request.CidFile ?? "",
        LogConfig = LogOf(request.Log ?? LogConfiguration.Default, request.LogOptions),
        NetworkMode = NetworkChoice.Of(request).Mode,
        Dns = NullIfEmpty(request.Dns),
        DnsOptions = NullIfEmpty(request.DnsOptions),
        DnsSearch = NullIfEmpty(request.DnsSearch),
        ExtraHosts = NullIfEmpty(request.ExtraHosts),
        Links = NullIfEmpty(request.Links),
        AutoRemove = request.AutoRemove,
        ConsoleSize = [0, 0],
        CapAdd = NullIfEmpty(request.CapabilitiesAdded),
        CapDrop = NullIfEmpty(request.CapabilitiesDropped),
        GroupAdd = NullIfEmpty(request.Groups),
        Privileged = request.Privileged,
        CgroupParent = request.CgroupParent ?? "",
        UsernsMode = request.UserNamespace ?? "",
        ReadonlyRootfs = request.ReadOnly,
        SecurityOpt = NullIfEmpty(request.SecurityOptions),
        ShmSize = options.ShmSize,
        Tmpfs = TmpfsOf(options),
        Sysctls = request.Sysctls.Count > 0 ? request.Sysctls : null,
        Ulimits = NullIfEmpty(request.Ulimits.Select(u => new UlimitDocument(u.Name, u.Hard, u.Soft))),
        Init = request.Init == true ? true : null,
        MaskedPaths = spec.Linux?.MaskedPaths ?? [],
        ReadonlyPaths = spec.Linux?.ReadonlyPaths ?? [],
    };

    private static Dictionary<string, EmptyDocument>? ExposedOf(RunRequest request, IReadOnlyList<string>? image)
    {
        var names = new Dictionary<string, EmptyDocument>();
        foreach (PortRequest port in PortTexts.Exposed(request, image))
        {
            names.TryAdd(NetworkInspection.Name(port.TargetPort, port.Protocol), EmptyDocument.Instance);
        }

        foreach (PortRequest port in request.Ports)
        {
            names.TryAdd(NetworkInspection.Name(port.TargetPort, port.Protocol), EmptyDocument.Instance);
        }

        return names.Count > 0 ? names : null;
    }

    /// <summary>Docker's Config.Env holds what was said; HOSTNAME, HOME and TERM are added when the process starts.</summary>
    private static bool IsOurs(string entry, RunRequest request, RunConfig image)
    {
        string name = entry[..entry.IndexOf('=', StringComparison.Ordinal)];
        bool said = request.Environment.Concat(image.Env ?? []).Any(
            said => said.StartsWith(name, StringComparison.Ordinal) && (said.Length == name.Length || said[name.Length] == '='));
        return name is "HOSTNAME" or "HOME" or "TERM" && !said;
    }

    private static Dictionary<string, string>? TmpfsOf(ContainerOptions options)
    {
        var mounts = options.Mounts.OfType<TmpfsMount>().ToDictionary(m => m.Destination, m => string.Join(',', m.Options));
        return mounts.Count > 0 ? mounts : null;
    }

    private static Dictionary<string, EmptyDocument>? SetOf(IEnumerable<string>? names)
    {
        var set = names?.ToDictionary(name => name, _ => EmptyDocument.Instance);
        return set is { Count: > 0 } ? set : null;
    }

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string>? image, IReadOnlyDictionary<string, string> request)
    {
        var labels = new Dictionary<string, string>(image ?? new Dictionary<string, string>());
        foreach ((string name, string value) in request)
        {
            labels[name] = value;
        }

        return labels;
    }

    private static List<T>? NullIfEmpty<T>(IEnumerable<T> items)
    {
        List<T> list = [.. items];
        return list.Count > 0 ? list : null;
    }
}
