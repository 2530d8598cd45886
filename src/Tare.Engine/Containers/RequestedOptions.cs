// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Turns what was asked into the options of a spec: volumes become folders, devices become numbers.</summary>
internal static class RequestedOptions
{
    private const long DefaultShmSize = 64 << 20;
    private const uint DevicePermissions = 0b110_110_110;

    /// <param name="request">what was asked</param>
    /// <param name="id">of the new container</param>
    /// <param name="mounts">the user's mounts with every volume resolved to its folder</param>
    /// <param name="engineFiles">hosts, hostname, resolv.conf</param>
    public static ContainerOptions Of(
        RunRequest request, ContainerId id, IReadOnlyList<MountOption> mounts, IReadOnlyList<BindMount> engineFiles) =>
        new(id.Text)
        {
            Entrypoint = request.Entrypoint is null ? null : [request.Entrypoint],
            Command = request.Command,
            Env = request.Environment,
            WorkingDir = request.WorkingDirectory,
            User = request.User,
            GroupAdd = request.Groups,
            Hostname = request.Hostname,
            Tty = request.Tty,
            Interactive = request.Interactive,
            Init = request.Init ?? false,
            Network = NetworkOf(request),
            Domainname = request.Domainname,
            Mounts = mounts,
            EngineFiles = engineFiles,
            ReadOnlyRoot = request.ReadOnly,
            ShmSize = request.ShmSize > 0 ? request.ShmSize : DefaultShmSize,
            CapAdd = request.CapabilitiesAdded,
            CapDrop = request.CapabilitiesDropped,
            Privileged = request.Privileged,
            Security = SecurityChoice.Parse(request.SecurityOptions),
            Devices = [.. request.Devices.Select(DeviceOf)],
            Ulimits = [.. request.Ulimits.Select(limit => new Ulimit(limit.Name, limit.Soft, limit.Hard))],
            Resources = ResourcesOf(request),
            Sysctls = request.Sysctls,
            StopSignal = StopSignalOf(request.StopSignal),
            Labels = request.Labels,
        };

    /// <summary>Whose network namespace it has.</summary>
    public static NetworkMode NetworkOf(RunRequest request) => NetworkChoice.Of(request).IsHost ? NetworkMode.Host : NetworkMode.Private;

    /// <summary>Binds and tmpfs as they are, volumes as binds of their folders.</summary>
    public static MountOption MountOf(MountRequest mount, Func<MountRequest, string> folderOfVolume) => mount.Kind switch
    {
        MountKind.Tmpfs => new TmpfsMount(mount.Target, TmpfsOptionsOf(mount)),
        MountKind.Bind => BindOf(mount, mount.Source!),
        _ => BindOf(mount, folderOfVolume(mount)),
    };

    private static BindMount BindOf(MountRequest mount, string source) => new(source, mount.Target)
    {
        ReadOnly = mount.ReadOnly,
        Recursive = !mount.NonRecursive,
        Propagation = mount.Propagation ?? "rprivate",
        CreateSource = mount.CreatesSource,
        IsShownMapped = mount.View is not null,
    };

    private static List<string> TmpfsOptionsOf(MountRequest mount)
    {
        List<string> options = [.. mount.TmpfsOptions];
        if (mount.TmpfsSize is { } size)
        {
            options.Add($"size={size}");
        }

        if (mount.TmpfsMode is { } mode)
        {
            options.Add("mode=" + Convert.ToString(mode, 8));
        }

        if (mount.ReadOnly)
        {
            options.Add("ro");
        }

        return options;
    }

    private static string? StopSignalOf(string? text) => string.IsNullOrEmpty(text) || Signals.TryParse(text, out _)
        ? text
        : throw new TareException(ErrorKind.InvalidArgument, $"invalid signal: {text}", "name one such as SIGTERM, or its number");

    private static DeviceGrant DeviceOf(DeviceRequest device)
    {
        FileStatus status = HostPath.TryStatus(device.Source)
            ?? throw new TareException(ErrorKind.NotFound, $"device {device.Source}: no such file on the host");
        string type = status.Kind switch
        {
            FileKind.CharacterDevice => "c",
            FileKind.BlockDevice => "b",
            _ => throw new TareException(ErrorKind.InvalidArgument, $"device {device.Source}: not a device node"),
        };
        var node = new Device(type, device.Target)
        {
            Major = status.Device.Major,
            Minor = status.Device.Minor,
            FileMode = status.Mode & DevicePermissions,
            Uid = status.Uid,
            Gid = status.Gid,
        };
        return new(node, device.Access);
    }

    /// <summary>Its limits.</summary>
    public static ResourceOptions ResourcesOf(RunRequest request) => new()
    {
        Memory = request.Memory,
        MemorySwap = request.MemorySwap,
        NanoCpus = request.NanoCpus,
        CpuShares = request.CpuShares,
        CpuQuota = request.CpuQuota,
        CpuPeriod = request.CpuPeriod,
        CpusetCpus = request.CpusetCpus,
        CpusetMems = request.CpusetMems,
        MemoryReservation = request.MemoryReservation,
        BlockIoWeight = request.BlkioWeight,
        Pids = request.PidsLimit,
    };
}
