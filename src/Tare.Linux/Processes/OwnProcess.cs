// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;
using Tare.Linux.Mounts;

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
        LaunchFrame.SignalAction action = default;
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

    /// <summary>
    /// Begins this process anew out of <see cref="OpenSealedExecutable"/>, with the same arguments, environment and
    /// descriptors; returns when it runs so already.
    /// </summary>
    /// <remarks>
    /// For a process that becomes one of a container's itself, or the parent of one: what executes /proc/self/exe there
    /// (CVE-2019-5736) gets a program that nobody can write to. Other threads of this process end.
    /// </remarks>
    public static void BecomeSealed()
    {
        const int MaxBytes = 4 << 20;
        const int AT_EMPTY_PATH = 0x1000;
        using Fd current = HostPath.Open("/proc/self/exe", OpenFlags.Path);
        if (current.FileSystem().IsReadOnly)
        {
            return;
        }

        using Fd program = OpenSealedExecutable();
        using var arguments = new NativeStrings(Texts(HostPath.ReadAll("/proc/self/cmdline", MaxBytes)));
        using var environment = new NativeStrings(Texts(HostPath.ReadAll("/proc/self/environ", MaxBytes)));
        fixed (byte* empty = "\0"u8)
        {
            nint result = Libc.syscall(
                SystemCall.execveat, program.Raw, (nint)empty, (nint)arguments.Start, (nint)environment.Start, AT_EMPTY_PATH, 0);
            Libc.Check(result, "execveat", "/proc/self/exe");
        }
    }

    /// <summary>Each with the NUL that ends it.</summary>
    private static List<byte[]> Texts(ReadOnlySpan<byte> all)
    {
        var texts = new List<byte[]>();
        while (all.IndexOf((byte)0) is >= 0 and var end)
        {
            texts.Add(all[..(end + 1)].ToArray());
            all = all[(end + 1)..];
        }

        return texts;
    }

    /// <summary>
    /// This process's own program through a read-only mount of its own: whoever gets hold of a process that runs it
    /// (through /proc/PID/exe) can neither write to it nor open it for writing.
    /// </summary>
    /// <remarks>CVE-2019-5736</remarks>
    public static Fd OpenSealedExecutable()
    {
        using Fd program = HostPath.Open("/proc/self/exe", OpenFlags.Path);
        Fd clone = Mount.Clone(program);
        try
        {
            Mount.SetAttributes(clone, MountAttributes.ReadOnly);
            return clone;
        }
        catch
        {
            clone.Dispose();
            throw;
        }
    }
}
