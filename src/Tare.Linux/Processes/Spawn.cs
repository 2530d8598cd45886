// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Starts a program of ours with exactly the given descriptors; from any process, under the JIT too.</summary>
/// <remarks>
/// man posix_spawn(3): the C library does it without copying the process and with all signals blocked. Handlers and
/// ignored signals of this process do not reach the child.
/// </remarks>
internal static unsafe class Spawn
{
    /// <summary>Starts the program.</summary>
    /// <exception cref="LinuxException">execve failed; no process is left</exception>
    public static Spawned Start(SpawnOptions options)
    {
        // closefrom closes the executable's number in the child, so the child reaches it through this process
        string path = string.Create(
            CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{options.Executable.Raw}");
        using var high = new HighDescriptors(options.Descriptors);
        Arg argv = Arg.Strings([.. options.Arguments.Select(Encoding.UTF8.GetBytes)]);
        Arg envp = Arg.Strings([.. options.Environment.Select(Encoding.UTF8.GetBytes)]);
        byte* actions = stackalloc byte[Libc.SpawnActionsBytes];
        Check(Libc.posix_spawn_file_actions_init(actions));
        try
        {
            for (int i = 0; i < high.Count; i++)
            {
                Check(Libc.posix_spawn_file_actions_adddup2(actions, high[i], i));
            }

            Check(Libc.posix_spawn_file_actions_addclosefrom_np(actions, high.Count));
            return Spawned.Of(Run(path, actions, options.Blocked, options.NewSession, argv.Texts, envp.Texts));
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Starts a program without arguments, with all signals blocked.</summary>
    /// <param name="executable">lent</param>
    /// <param name="kept">numbers that stay open besides those that are not close-on-exec; they are not close-on-exec there</param>
    /// <returns>the child's number, to be waited for</returns>
    /// <exception cref="LinuxException">execve failed; no process is left</exception>
    internal static int StartKeeping(Fd executable, List<int> kept)
    {
        byte* actions = stackalloc byte[Libc.SpawnActionsBytes];
        Check(Libc.posix_spawn_file_actions_init(actions));
        try
        {
            foreach (int number in kept)
            {
                // man posix_spawn_file_actions_adddup2(3): onto itself means that it is no more close-on-exec
                Check(Libc.posix_spawn_file_actions_adddup2(actions, number, number));
            }

            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{executable.Raw}");
            return Run(path, actions, SignalSet.All, newSession: false, ["tare\0"u8.ToArray()], []);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Waits until this child has ended.</summary>
    internal static void Reap(int pid)
    {
        Libc.siginfo_t info = default;
        while (Libc.waitid(Libc.P_PID, pid, &info, Libc.WEXITED) < 0)
        {
            if (Libc.LastErrno != Errno.EINTR)
            {
                throw new LinuxException(Libc.LastErrno, "waitid");
            }
        }
    }

    private static int Run(
        string path, byte* actions, SignalSet blocked, bool newSession, IReadOnlyList<byte[]> argv, IReadOnlyList<byte[]> envp)
    {
        byte* attributes = stackalloc byte[Libc.SpawnAttributesBytes];
        Check(Libc.posix_spawnattr_init(attributes));
        try
        {
            SetAttributes(attributes, blocked, newSession);
            int pid;
            CString name = new(path);
            using var nativeArgv = new NativeStrings(argv);
            using var nativeEnvp = new NativeStrings(envp);
            fixed (byte* p = name)
            {
                int error = Libc.posix_spawn(&pid, p, actions, attributes, nativeArgv.Start, nativeEnvp.Start);
                if (error != 0)
                {
                    throw new LinuxException((Errno)error, "posix_spawn", Encoding.UTF8.GetString(argv[0].AsSpan(0, argv[0].Length - 1)));
                }
            }

            return pid;
        }
        finally
        {
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static void SetAttributes(byte* attributes, SignalSet blocked, bool newSession)
    {
        byte* set = stackalloc byte[Libc.SignalSetBytes];
        new Span<byte>(set, Libc.SignalSetBytes).Clear();
        *(ulong*)set = blocked.Bits;
        Check(Libc.posix_spawnattr_setsigmask(attributes, set));

        // glibc skips KILL, STOP and its own two
        *(ulong*)set = ~0UL;
        Check(Libc.posix_spawnattr_setsigdefault(attributes, set));
        short flags = Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF;
        flags |= newSession ? Libc.POSIX_SPAWN_SETSID : (short)0;
        Check(Libc.posix_spawnattr_setflags(attributes, flags));
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new LinuxException((Errno)error, "posix_spawn");
        }
    }
}
