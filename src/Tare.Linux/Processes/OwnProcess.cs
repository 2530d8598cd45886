// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>What a process does to itself.</summary>
internal static unsafe class OwnProcess
{
    private const int PR_SET_NAME = 15;
    private const int FD_CLOEXEC = 1;
    private const int F_SETFD = 2;

    /// <summary>The user whose rights this process has; 0 is root.</summary>
    public static uint EffectiveUser => (uint)Libc.syscall(SystemCall.geteuid, 0, 0, 0, 0, 0, 0);

    /// <summary>The group by whose rights this process acts. man getegid(2)</summary>
    public static uint EffectiveGroup => (uint)Libc.syscall(SystemCall.getegid, 0, 0, 0, 0, 0, 0);

    /// <summary>A daemon's surroundings: pins no directory, has the usual umask and a name in ps.</summary>
    /// <param name="name">at most 15 bytes</param>
    public static void Settle(ReadOnlySpan<byte> name)
    {
        const int UsualMask = 0b000_010_010;
        SetName(name);
        fixed (byte* root = "/\0"u8)
        {
            Libc.Check(Libc.syscall(SystemCall.chdir, (nint)root, 0, 0, 0, 0, 0), "chdir", "/");
            Libc.syscall(SystemCall.umask, UsualMask, 0, 0, 0, 0, 0);
        }
    }

    /// <summary>What the kernel calls this thread, which is the process's while it is its first.</summary>
    /// <param name="name">at most 15 bytes</param>
    public static void SetName(ReadOnlySpan<byte> name)
    {
        CString text = new(name);
        fixed (byte* n = text)
        {
            Libc.Check(Libc.prctl(PR_SET_NAME, (nuint)n, 0, 0, 0), "prctl", "PR_SET_NAME");
        }
    }

    /// <summary>Signals that the starter made this process ignore do what they do by default again; caught ones stay.</summary>
    /// <remarks>man sigaction(2). A shell starts its background commands with INT and QUIT ignored.</remarks>
    public static void StopIgnoring(int signal)
    {
        const int SIG_IGN = 1;
        SignalAction action = default;
        Libc.Check(
            Libc.syscall(SystemCall.rt_sigaction, signal, 0, (nint)(&action), sizeof(ulong), 0, 0), "sigaction");
        if (action.Handler == SIG_IGN)
        {
            action = default;
            Libc.Check(
                Libc.syscall(SystemCall.rt_sigaction, signal, (nint)(&action), 0, sizeof(ulong), 0, 0), "sigaction");
        }
    }

    /// <summary>Gives back what the C library's heap keeps for later. man malloc_trim(3)</summary>
    public static void TrimHeap() => _ = Libc.malloc_trim(0);

    /// <summary>A second owner of standard input (0), output (1) or error (2); null when nothing is open there.</summary>
    public static Fd? TryDuplicateStandard(int number)
    {
        int duplicate = Libc.fcntl(number, Libc.F_DUPFD_CLOEXEC, 3);
        return duplicate < 0 ? null : new Fd(duplicate);
    }

    /// <summary>Takes over a descriptor that the starter placed at an agreed number; call once for each number.</summary>
    /// <returns>null when nothing is open there</returns>
    public static Fd? TryInherit(int number)
    {
        if (Libc.fcntl(number, F_SETFD, FD_CLOEXEC) < 0)
        {
            return null;
        }

        return new Fd(number);
    }

    /// <summary>struct sigaction of the kernel, not of the C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SignalAction
    {
        public nint Handler;
        public ulong Flags;
        public nint Restorer;
        public ulong Mask;
    }
}
