// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>A resource limit: soft and hard value; <see cref="Infinity"/> is no limit.</summary>
/// <remarks>man getrlimit(2); asm-generic/resource.h, the same on x86-64 and arm64.</remarks>
internal readonly record struct Rlimit(ulong Soft, ulong Hard)
{
    public const ulong Infinity = ulong.MaxValue;

    private static readonly string[] Known =
    [
        "CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING",
        "MSGQUEUE", "NICE", "RTPRIO", "RTTIME",
    ];

    /// <summary>Reads <c>nofile</c>, <c>RLIMIT_NOFILE</c>, in any case.</summary>
    public static bool TryParse(string text, out int resource)
    {
        string name = text.ToUpperInvariant();
        name = name.StartsWith("RLIMIT_", StringComparison.Ordinal) ? name[7..] : name;
        resource = Array.IndexOf(Known, name);
        return resource >= 0;
    }

    public static string Name(int resource) => "RLIMIT_" + Known[resource];

    /// <summary>The limit of this process.</summary>
    public static unsafe Rlimit Current(int resource)
    {
        ulong* values = stackalloc ulong[2];
        Libc.Check(Libc.syscall(SystemCall.prlimit64, 0, resource, 0, (nint)values, 0, 0), "prlimit", Name(resource));
        return new Rlimit(values[0], values[1]);
    }
}
