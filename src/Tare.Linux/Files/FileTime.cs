// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A point in time as file systems keep it: seconds since 1970, may be negative, plus 0..999,999,999 ns.</summary>
internal readonly record struct FileTime(long Seconds, uint Nanoseconds) : IComparable<FileTime>
{
    /// <summary>Set to the clock of the kernel.</summary>
    public static FileTime Now => new(0, (uint)Libc.UTIME_NOW);

    /// <summary>Leave as it is.</summary>
    public static FileTime Keep => new(0, (uint)Libc.UTIME_OMIT);

    public static bool operator <(FileTime a, FileTime b) => a.CompareTo(b) < 0;

    public static bool operator >(FileTime a, FileTime b) => a.CompareTo(b) > 0;

    public static bool operator <=(FileTime a, FileTime b) => a.CompareTo(b) <= 0;

    public static bool operator >=(FileTime a, FileTime b) => a.CompareTo(b) >= 0;

    public int CompareTo(FileTime other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    internal Libc.timespec Native => new() { tv_sec = Seconds, tv_nsec = Nanoseconds };
}
