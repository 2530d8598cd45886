// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>A resource limit: soft and hard value; <see cref="Infinity"/> is no limit.</summary>
/// <remarks>man getrlimit(2); asm-generic/resource.h, the same on x86-64 and arm64.</remarks>
internal readonly record struct Rlimit(ulong Soft, ulong Hard)
{
    /// <summary>Number of RLIMIT_DATA.</summary>
    public const int Data = 2;

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

    /// <summary>Limits that there are; they are numbered from 0.</summary>
    public const int Count = 16;

    public static string Name(int resource) => "RLIMIT_" + Known[resource];

    /// <summary>The limit of this process.</summary>
    public static Rlimit Current(int resource) => Of(0, resource);

    /// <summary>Raises the hard limit of another process to this value; one that is as high stays, and so does the soft one.</summary>
    /// <param name="pid">a child of ours</param>
    /// <param name="resource">number of the limit</param>
    /// <param name="hard">what it may be set to from then on</param>
    public static unsafe void Allow(int pid, int resource, ulong hard)
    {
        Rlimit now = Of(pid, resource);
        if (now.Hard < hard)
        {
            ulong* values = stackalloc ulong[] { now.Soft, hard };
            Libc.Check(
                Libc.syscall(SystemCall.prlimit64, pid, resource, (nint)values, 0, 0, 0), "prlimit", Name(resource));
        }
    }

    /// <summary>Lowers both limits of another process to this value; those that are as low stay. Children that it starts later have
    /// the same.</summary>
    /// <param name="pid">a child of ours; one that has ended is passed over</param>
    /// <param name="resource">number of the limit</param>
    /// <param name="value">what it may have from then on</param>
    public static unsafe void Restrict(int pid, int resource, ulong value)
    {
        ulong* now = stackalloc ulong[2];
        if (Libc.syscall(SystemCall.prlimit64, pid, resource, 0, (nint)now, 0, 0) == 0)
        {
            ulong* values = stackalloc ulong[] { Math.Min(now[0], value), Math.Min(now[1], value) };
            if (Libc.syscall(SystemCall.prlimit64, pid, resource, (nint)values, 0, 0, 0) == 0)
            {
                return;
            }
        }

        if (Libc.LastErrno != Errno.ESRCH)
        {
            throw new LinuxException(Libc.LastErrno, "prlimit", Name(resource));
        }
    }

    private static unsafe Rlimit Of(int pid, int resource)
    {
        ulong* values = stackalloc ulong[2];
        Libc.Check(Libc.syscall(SystemCall.prlimit64, pid, resource, 0, (nint)values, 0, 0), "prlimit", Name(resource));
        return new Rlimit(values[0], values[1]);
    }
}
