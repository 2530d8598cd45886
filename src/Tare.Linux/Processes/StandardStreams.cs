// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>The numbers 0, 1 and 2 of this process.</summary>
internal static unsafe class StandardStreams
{
    private const int MaxWords = 8 << 20;
    private const int F_GETFD = 1;
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;
    private const int AT_FDCWD = -100;
    private const int O_RDWR = 2;
    private const int O_CLOEXEC = 0x80000;

    /// <summary>Where one of the three is closed, the program starts over with /dev/null in its place.</summary>
    /// <remarks>
    /// Else the next file that is opened is somebody's standard error. The runtime opens files before Main, hence the new
    /// start; what it opened has FD_CLOEXEC, and nothing that was inherited has.
    /// </remarks>
    public static void Complete()
    {
        if (IsInherited(0) && IsInherited(1) && IsInherited(2))
        {
            return;
        }

        // all that needs the runtime comes first: it may have its source of random numbers at one of the three
        using NativeStrings arguments = Words("/proc/self/cmdline");
        using NativeStrings environment = Words("/proc/self/environ");
        for (int number = 0; number <= 2; number++)
        {
            if (!IsInherited(number))
            {
                FillWithNothing(number);
            }
        }

        fixed (byte* program = "/proc/self/exe\0"u8)
        {
            Libc.syscall(SystemCall.execve, (nint)program, (nint)arguments.Start, (nint)environment.Start, 0, 0, 0);
        }
    }

    private static bool IsInherited(int number) => Libc.fcntl(number, F_GETFD, 0) is 0;

    private static void FillWithNothing(int number)
    {
        fixed (byte* path = "/dev/null\0"u8)
        {
            int nothing = Libc.openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
            if (nothing == number)
            {
                Libc.fcntl(number, F_SETFD, 0);
            }
            else
            {
                Libc.syscall(SystemCall.dup3, nothing, number, 0, 0, 0, 0);
            }
        }
    }

    private static NativeStrings Words(string file)
    {
        byte[] text = HostPath.ReadAll(file, MaxWords);
        var words = new List<byte[]>();
        for (int from = 0; from < text.Length;)
        {
            int length = text.AsSpan(from).IndexOf((byte)0) + 1;
            length = length > 0 ? length : text.Length - from;
            words.Add(text.AsSpan(from, length).ToArray());
            from += length;
        }

        return new(words);
    }
}
