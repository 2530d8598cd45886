// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Bundles;

/// <summary>A config to begin with: a shell on a terminal, isolated, in a read-only root; what runc's <c>spec</c>
/// writes.</summary>
internal static class DefaultSpec
{
    private const ulong Descriptors = 1024;

    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
    private static readonly string[] Quiet = ["nosuid", "noexec", "nodev"];

    private static readonly Mount Proc = new("/proc") { Type = "proc", Source = "proc" };
    private static readonly Mount SharedMemory = new("/dev/shm")
    {
        Type = "tmpfs",
        Source = "shm",
        Options = [.. Quiet, "mode=1777", "size=65536k"],
    };
    private static readonly Mount Queues = new("/dev/mqueue") { Type = "mqueue", Source = "mqueue", Options = Quiet };
    private static readonly Mount Devices = new("/dev")
    {
        Type = "tmpfs",
        Source = "tmpfs",
        Options = ["nosuid", "strictatime", "mode=755", "size=65536k"],
    };

    public static Spec Create() => Build(
        [
            Proc, Devices, Terminals("gid=5"), SharedMemory, Queues,
            new("/sys") { Type = "sysfs", Source = "sysfs", Options = [.. Quiet, "ro"] },
            new("/sys/fs/cgroup") { Type = "cgroup", Source = "cgroup", Options = [.. Quiet, "relatime", "ro"] },
        ],
        new()
        {
            Resources = new() { Devices = [new(Allow: false, Access: "rwm")] },
            Namespaces = [.. Namespaces, new(NamespaceType.Network), new(NamespaceType.Cgroup)],
        });

    /// <summary>For a user without rights: root inside is that user, and the host's network and cgroups stay.</summary>
    /// <param name="user">the user's id</param>
    /// <param name="group">the user's group</param>
    public static Spec CreateRootless(uint user, uint group) => Build(
        [
            Proc, Devices, Terminals(), SharedMemory, Queues,
            new("/sys") { Type = "none", Source = "/sys", Options = ["rbind", .. Quiet, "ro"] },
        ],
        new()
        {
            Namespaces = [.. Namespaces, new(NamespaceType.User)],
            UidMappings = [new(0, user, 1)],
            GidMappings = [new(0, group, 1)],
        });

    private static Namespace[] Namespaces =>
        [new(NamespaceType.Pid), new(NamespaceType.Ipc), new(NamespaceType.Uts), new(NamespaceType.Mount)];

    /// <summary>A group for the terminals wants to be mapped.</summary>
    private static Mount Terminals(params string[] group) => new("/dev/pts")
    {
        Type = "devpts",
        Source = "devpts",
        Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", .. group],
    };

    private static Spec Build(IReadOnlyList<Mount> mounts, LinuxSpec linux) => new(Spec.CurrentVersion)
    {
        Process = new("/")
        {
            Terminal = true,
            User = new(0, 0),
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Capabilities = new() { Bounding = Capabilities, Effective = Capabilities, Permitted = Capabilities },
            Rlimits = [new("RLIMIT_NOFILE", Descriptors, Descriptors)],
            NoNewPrivileges = true,
        },
        Root = new("rootfs") { Readonly = true },
        Hostname = "tare",
        Mounts = mounts,
        Linux = linux with { MaskedPaths = DefaultPaths.Masked, ReadonlyPaths = DefaultPaths.ReadOnly },
    };
}
