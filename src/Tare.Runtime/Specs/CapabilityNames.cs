// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Capabilities by name and number, and docker's rules for adding and dropping them.</summary>
/// <remarks>linux/capability.h; man capabilities(7).</remarks>
internal static class CapabilityNames
{
    private const string All = "ALL";
    private const string Prefix = "CAP_";

    /// <summary>Names in the order of their numbers.</summary>
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What docker gives a container that asks for nothing.</summary>
    internal static readonly string[] Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
        "CAP_AUDIT_WRITE",
    ];

    /// <summary>What the kernel asks for in the host's user namespace alone: in another one they mean nothing.</summary>
    private static readonly HashSet<string> Hosts = new(
    [
        "CAP_LINUX_IMMUTABLE", "CAP_IPC_LOCK", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_PACCT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_AUDIT_CONTROL", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
    ],
        StringComparer.Ordinal);

    /// <summary>Those of the named ones that have no effect in a private user namespace, without their prefix; ALL is none of them.</summary>
    public static IEnumerable<string> OnlyHosts(IReadOnlyList<string> names) =>
        Normalize(names).Where(Hosts.Contains).Select(static name => name[Prefix.Length..]).Order(StringComparer.Ordinal);

    /// <summary>Number of the newest capability that we know.</summary>
    public static int Newest => Names.Length - 1;

    /// <summary>The bounding set of a container: docker's default less <paramref name="drop"/>, then plus <paramref
    /// name="add"/>.</summary>
    /// <param name="add">names with or without CAP_, in any case, or ALL</param>
    /// <param name="drop">the same; ALL leaves what is added</param>
    /// <param name="isPrivileged">everything, whatever else was said</param>
    /// <param name="last">the newest capability of the kernel; later ones are left out</param>
    /// <exception cref="TareException">InvalidArgument for an unknown name</exception>
    public static IReadOnlyList<string> Choose(
        IReadOnlyList<string> add, IReadOnlyList<string> drop, bool isPrivileged, int last)
    {
        HashSet<string> added = Normalize(add);
        HashSet<string> dropped = Normalize(drop);
        ArraySegment<string> known = new(Names, 0, Math.Clamp(last + 1, 0, Names.Length));
        if (isPrivileged)
        {
            return known;
        }
        if (add.Count == 0 && drop.Count == 0 && last >= Newest)
        {
            return Default;
        }
        if (added.Contains(All))
        {
            return [.. known.Where(name => !dropped.Contains(name))];
        }
        IEnumerable<string> kept = dropped.Contains(All) ? [] : Default.Where(name => !dropped.Contains(name));
        return [.. kept.Union(added).Where(known.Contains)];
    }

    private static HashSet<string> Normalize(IReadOnlyList<string> names)
    {
        HashSet<string> normal = new(names.Count, StringComparer.Ordinal);
        foreach (string name in names)
        {
            string upper = name.ToUpperInvariant();
            string full = upper == All || upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper : Prefix + upper;
            if (full != All && !Names.Contains(full))
            {
                throw new TareException(ErrorKind.InvalidArgument, $"invalid capability: {Quoted.Text(name)}");
            }
            normal.Add(full);
        }
        return normal;
    }
}
