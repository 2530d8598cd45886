// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Builds a container's spec out of what the image says, what the user said and what the host is.</summary>
/// <remarks>Pure: the same input gives the same spec. The rules are docker's; where they are surprising, the part that
/// holds the rule says so.</remarks>
internal static class ContainerSpec
{
    /// <summary>Path of the root file system relative to the bundle; the engine hands the mount over as a
    /// descriptor.</summary>
    public const string RootPath = "rootfs";

    private const int ShortIdLength = 12;
    private const int MaxHostnameLength = 64;

    /// <exception cref="TareException">InvalidArgument for what no container can be, NotFound for unknown users and
    /// groups</exception>
    public static Spec Build(RunConfig image, ContainerOptions options, Accounts accounts, HostFacts host)
    {
        string hostname = HostnameOf(options, host);
        Account account = accounts.Find(options.User ?? image.User ?? "", options.GroupAdd);
        IReadOnlyList<string> capabilities =
            CapabilityNames.Choose(options.CapAdd, options.CapDrop, options.Privileged, host.LastCapability);
        return new Spec(Spec.CurrentVersion)
        {
            Process = ProcessOf(image, options, account, capabilities, hostname) with
            {
                ApparmorProfile = host.HasAppArmor ? options.Security.AppArmor : null,
            },
            Root = new Root(RootPath) { Readonly = options.ReadOnlyRoot },
            Hostname = hostname,
            Domainname = options.Domainname,
            Mounts = ContainerMounts.Compose(options),
            Linux = LinuxOf(options, capabilities, host),
        };
    }

    private static Process ProcessOf(
        RunConfig image, ContainerOptions options, Account account, IReadOnlyList<string> capabilities, string hostname)
    {
        string cwd = options.WorkingDir ?? image.WorkingDir ?? "";
        return new Process(cwd.Length == 0 ? "/" : ContainerPath.Clean("working directory", cwd))
        {
            Terminal = options.Tty,
            User = new ProcessUser(account.Uid, account.Gid) { AdditionalGids = account.Groups },
            Args = ProcessCommand.Compose(image, options),
            Env = ProcessEnvironment.Compose(image.Env, options.Env, hostname, options.Tty, account.Home),
            // What execve would leave a user who is not root: nothing but the bound.
            Capabilities = account.Uid == 0
                ? new CapabilitySets { Bounding = capabilities, Effective = capabilities, Permitted = capabilities }
                : new CapabilitySets { Bounding = capabilities },
            Rlimits = options.Ulimits.Count == 0 ? null : [.. options.Ulimits.Select(LimitOf)],
            NoNewPrivileges = options.Security.NoNewPrivileges,
            OomScoreAdj = options.OomScoreAdj,
        };
    }

    private static LinuxSpec LinuxOf(ContainerOptions options, IReadOnlyList<string> capabilities, HostFacts host)
    {
        bool isMasked = !options.Privileged && !options.Security.UnmaskedPaths;
        IReadOnlyList<Device> devices = DefaultDevices.NodesFor(options, host);
        return new LinuxSpec
        {
            Namespaces = NamespacesOf(options),
            UidMappings = options.Users?.Map,
            GidMappings = options.Users?.Map,
            Devices = devices.Count == 0 ? null : devices,
            CgroupsPath = options.CgroupsPath,
            Resources = ContainerResources.Compose(options.Resources, DefaultDevices.RulesFor(options), host),
            RootfsPropagation = ContainerMounts.RootPropagation(options),
            Seccomp = ContainerSeccomp.Choose(options, capabilities, host),
            Sysctl = ContainerSysctls.Compose(options),
            MaskedPaths = isMasked ? DefaultPaths.MaskedOn(host) : null,
            ReadonlyPaths = isMasked ? DefaultPaths.ReadOnly : null,
        };
    }

    private static readonly IReadOnlyList<Namespace> HostNetworkNamespaces =
    [
        new(NamespaceType.Mount), new(NamespaceType.Uts), new(NamespaceType.Pid), new(NamespaceType.Ipc),
        new(NamespaceType.Cgroup),
    ];

    private static readonly IReadOnlyList<Namespace> PrivateNamespaces =
        [.. HostNetworkNamespaces, new(NamespaceType.Network)];

    private static IReadOnlyList<Namespace> NamespacesOf(ContainerOptions options)
    {
        IReadOnlyList<Namespace> others = options.Network == NetworkMode.Host ? HostNetworkNamespaces
            : options.NetworkPath is { } path ? [.. HostNetworkNamespaces, new(NamespaceType.Network) { Path = path }]
            : PrivateNamespaces;
        return options.Users is null ? others : [.. others, new(NamespaceType.User) { Path = options.UsersPath }];
    }

    private static string HostnameOf(ContainerOptions options, HostFacts host)
    {
        string shortId = options.Id[..Math.Min(ShortIdLength, options.Id.Length)];
        string name = options.Hostname ?? (options.Network == NetworkMode.Host ? host.Hostname : shortId);
        bool isFine = name.Length is > 0 and <= MaxHostnameLength
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isFine ? name : throw new TareException(
            ErrorKind.InvalidArgument, $"invalid hostname: {Quoted.Text(name)}");
    }

    private static ResourceLimit LimitOf(Ulimit limit) =>
        new("RLIMIT_" + limit.Name.ToUpperInvariant(), (ulong)limit.Soft, (ulong)limit.Hard);
}
