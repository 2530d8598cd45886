// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Capabilities by name, and what this process and kernel have.</summary>
/// <remarks>man capabilities(7), linux/capability.h of Linux 5.9 and later (41 capabilities).</remarks>
internal static class Capabilities
{
    private const int PR_CAPBSET_READ = 23;
    private const int MaxBit = 63;

    private static readonly string[] Known =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All names, in the order of their bits.</summary>
    public static IReadOnlyList<string> Names => Known;

    /// <summary>Reads <c>CAP_CHOWN</c>, <c>chown</c>, in any case.</summary>
    public static bool TryParse(string text, out int capability)
    {
        string name = text.ToUpperInvariant();
        name = name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
        capability = Array.IndexOf(Known, name);
        return capability >= 0;
    }

    public static string Name(int capability) =>
        capability < Known.Length ? Known[capability] : capability.ToString(CultureInfo.InvariantCulture);

    /// <summary>The highest capability that the running kernel knows.</summary>
    public static int LastSupported()
    {
        int bit = Known.Length - 1;
        while (bit > 0 && !IsInBoundingSet(bit, out bool known) && !known)
        {
            bit--;
        }

        while (bit < MaxBit && (IsInBoundingSet(bit + 1, out bool known) || known))
        {
            bit++;
        }

        return bit;
    }

    /// <summary>The bounding set of this process, one bit each: no child can have more.</summary>
    public static ulong BoundingSet()
    {
        ulong set = 0;
        for (int bit = 0; bit <= MaxBit; bit++)
        {
            bool present = IsInBoundingSet(bit, out bool known);
            if (!known)
            {
                break;
            }

            set |= present ? 1UL << bit : 0;
        }

        return set;
    }

    private static bool IsInBoundingSet(int bit, out bool known)
    {
        int result = Libc.prctl(PR_CAPBSET_READ, (nuint)bit, 0, 0, 0);
        known = result >= 0;
        return result == 1;
    }
}
