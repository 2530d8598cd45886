// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>What this runtime can do, as the specification wants it told.</summary>
/// <remarks>
/// runtime-spec v1.3 features.md, features-linux.md. Nothing is promised by hand that can be asked: words come from
/// the tables that plans are made by, and whether a thing is possible is tried on a plan.
/// </remarks>
internal static class FeatureList
{
    /// <summary>Oldest version of the specification whose configs are taken; 1.x is compatible with itself.</summary>
    private const string OldestVersion = "1.0.0";

    /// <summary>Linux that knows SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV.</summary>
    private static readonly Version KillableReceive = new(5, 19);

    private static readonly Hook[] AnyHook = [new("/bin/true")];

    private static readonly (string Name, Hooks Hooks)[] HookKinds =
    [
        ("prestart", new Hooks { Prestart = AnyHook }),
        ("createRuntime", new Hooks { CreateRuntime = AnyHook }),
        ("createContainer", new Hooks { CreateContainer = AnyHook }),
        ("startContainer", new Hooks { StartContainer = AnyHook }),
        ("poststart", new Hooks { Poststart = AnyHook }),
        ("poststop", new Hooks { Poststop = AnyHook }),
    ];

    /// <summary>The least that is a container.</summary>
    private static readonly Spec Least = new(Spec.CurrentVersion)
    {
        Process = new("/") { Args = ["true"] },
        Root = new("rootfs"),
        Linux = new() { Namespaces = [new(NamespaceType.Mount)] },
    };

    /// <param name="version">of this program</param>
    /// <param name="kernel">the running one</param>
    public static Features Of(string version, Version kernel) => new(OldestVersion, Spec.CurrentVersion)
    {
        Hooks = [.. HookKinds.Where(kind => CanPlan(Least with { Hooks = kind.Hooks })).Select(kind => kind.Name)],
        MountOptions = [.. MountOptions.Known.Order(StringComparer.Ordinal)],
        Linux = new()
        {
            Namespaces = [.. Enum.GetValues<NamespaceType>().Where(HasNamespace)],
            Capabilities = Capabilities.Names,
            Cgroup = new(V1: true, V2: true, Systemd: false, SystemdUser: false, Rdma: HasRdma()),
            Seccomp = Seccomp(kernel),
            Apparmor = new(true),
            Selinux = new(true),
            IntelRdt = new(HasLinux(linux => linux with { IntelRdt = new() { ClosId = "a" } })),
            MountExtensions = new(Idmap: new(MountOptions.Known.Contains("idmap"))),
            NetDevices = new(HasLinux(linux => linux with
            {
                Namespaces = [.. linux.Namespaces!, new(NamespaceType.Network)],
                NetDevices = new Dictionary<string, NetDevice> { ["eth0"] = new() },
            })),
        },
        Annotations = new Dictionary<string, string> { ["tare.version"] = version },
        PotentiallyUnsafeConfigAnnotations = [],
    };

    private static SeccompFeatures Seccomp(Version kernel) => new(Enabled: true)
    {
        Actions = [.. Enum.GetValues<SeccompAction>().Where(HasAction)],
        Operators = Enum.GetValues<SeccompOperator>(),
        Archs = [.. SeccompTranslation.KnownArchitectures],
        KnownFlags = [.. SeccompTranslation.KnownFlags],
        SupportedFlags =
            [.. SeccompTranslation.KnownFlags.Where(flag => kernel >= KillableReceive || !flag.EndsWith("_WAIT_KILLABLE_RECV", StringComparison.Ordinal))],
    };

    private static bool HasAction(SeccompAction action) => HasLinux(linux => linux with
    {
        Seccomp = new(SeccompAction.Allow) { ListenerPath = "/run/a", Syscalls = [new(["mknod"], action)] },
    });

    private static bool HasNamespace(NamespaceType type)
    {
        IdMapping[]? users = type == NamespaceType.User ? [new(0, 0, 1)] : null;
        Namespace[] spaces = type == NamespaceType.Mount ? [new(type)] : [new(NamespaceType.Mount), new(type)];
        return HasLinux(linux => linux with { Namespaces = spaces, UidMappings = users, GidMappings = users });
    }

    private static bool HasRdma()
    {
        var devices = new Dictionary<string, RdmaLimit> { ["a"] = new(1) };
        return IsThere(() => CgroupTranslation.Limits(new Resources { Rdma = devices }));
    }

    private static bool HasLinux(Func<LinuxSpec, LinuxSpec> change) => CanPlan(Least with { Linux = change(Least.Linux!) });

    private static bool CanPlan(Spec spec) =>
        IsThere(() => LaunchPlan.Compile(spec, new PlanHost { Bounding = 0, Permitted = 0 }));

    private static bool IsThere(Func<object> attempt)
    {
        try
        {
            _ = attempt();
            return true;
        }
        catch (TareException no) when (no.Kind == ErrorKind.NotSupported)
        {
            return false;
        }
    }
}
