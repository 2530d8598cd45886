// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>The three descriptors that this process was started with. Each call gives a duplicate, which the caller owns.</summary>
internal static class StandardStreams
{
    /// <summary>man stdin(3). EBADF when the process was started without it.</summary>
    public static Fd Input() => Duplicate(0, "stdin");

    public static Fd Output() => Duplicate(1, "stdout");

    public static Fd Error() => Duplicate(2, "stderr");

    private static Fd Duplicate(int number, string name) =>
        new(Libc.Check(Libc.fcntl(number, Libc.F_DUPFD_CLOEXEC, 3), "fcntl", name));
}
