// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Tare.Runtime.Planning;

/// <summary>Capabilities by name and as sets of bits.</summary>
/// <remarks>man capabilities(7); linux/capability.h</remarks>
internal static class CapabilityNames
{
    /// <summary>Without it seccomp(2) wants no_new_privs.</summary>
    public const ulong SysAdmin = 1UL << 21;

    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ];

    private const string Prefix = "CAP_";

    /// <summary>The bits of these names; one that is unknown is passed over, as the specification asks.</summary>
    /// <remarks>runtime-spec v1.3 config.md#linux-process: "SHOULD log a warning" and must not fail.</remarks>
    public static ulong Set(IReadOnlyList<string>? names)
    {
        ulong set = 0;
        foreach (string name in names ?? [])
        {
            int bit = name.StartsWith(Prefix, StringComparison.Ordinal)
                ? Array.IndexOf(Names, name[Prefix.Length..])
                : -1;
            set |= bit < 0 ? 0 : 1UL << bit;
        }

        return set;
    }

    /// <summary>All capabilities up to this one.</summary>
    public static ulong UpTo(int last) => last >= 63 ? ulong.MaxValue : (1UL << (last + 1)) - 1;

    /// <summary>For a printed plan: the names while they are few, else how many.</summary>
    public static string Describe(ulong set)
    {
        const int Few = 16;
        int count = BitOperations.PopCount(set);
        return count switch
        {
            0 => "none",
            <= Few => string.Join(' ', Bits(set).Select(Name)),
            _ => $"{count} capabilities",
        };
    }

    private static string Name(int bit) => bit < Names.Length ? Names[bit] : $"{bit}";

    private static IEnumerable<int> Bits(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set);
        }
    }
}
