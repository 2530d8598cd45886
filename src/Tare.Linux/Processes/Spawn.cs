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
    /// <summary>Above the numbers that children use, so that placing one descriptor never overwrites another.</summary>
    private const int FirstHigh = 128;

    /// <summary>Starts the program.</summary>
    /// <exception cref="LinuxException">execve failed; no process is left</exception>
    public static Spawned Start(SpawnOptions options)
    {
        // closefrom closes the executable's number in the child, so the child reaches it through this process
        string path = string.Create(
            CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{options.Executable.Raw}");
        using var high = new HighDescriptors(options.Descriptors, FirstHigh);
        Arg argv = Arg.Strings([.. options.Arguments.Select(Encoding.UTF8.GetBytes)]);
        Arg envp = Arg.Strings([.. options.Environment.Select(Encoding.UTF8.GetBytes)]);
        byte* actions = stackalloc byte[Libc.SpawnActionsBytes];
        byte* attributes = stackalloc byte[Libc.SpawnAttributesBytes];
        Check(Libc.posix_spawn_file_actions_init(actions));
        Check(Libc.posix_spawnattr_init(attributes));
        try
        {
            for (int i = 0; i < high.Count; i++)
            {
                Check(Libc.posix_spawn_file_actions_adddup2(actions, high[i], i));
            }

            Check(Libc.posix_spawn_file_actions_addclosefrom_np(actions, high.Count));
            SetAttributes(attributes, options);
            int pid;
            CString name = new(path);
            using var nativeArgv = new NativeStrings(argv.Texts);
            using var nativeEnvp = new NativeStrings(envp.Texts);
            fixed (byte* p = name)
            {
                int error = Libc.posix_spawn(&pid, p, actions, attributes, nativeArgv.Start, nativeEnvp.Start);
                if (error != 0)
                {
                    throw new LinuxException((Errno)error, "posix_spawn", options.Arguments[0]);
                }
            }

            return Spawned.Of(pid);
        }
        finally
        {
            _ = Libc.posix_spawnattr_destroy(attributes);
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static void SetAttributes(byte* attributes, SpawnOptions options)
    {
        byte* set = stackalloc byte[Libc.SignalSetBytes];
        new Span<byte>(set, Libc.SignalSetBytes).Clear();
        *(ulong*)set = options.Blocked.Bits;
        Check(Libc.posix_spawnattr_setsigmask(attributes, set));

        // glibc skips KILL, STOP and its own two
        *(ulong*)set = ~0UL;
        Check(Libc.posix_spawnattr_setsigdefault(attributes, set));
        short flags = Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF;
        flags |= options.NewSession ? Libc.POSIX_SPAWN_SETSID : (short)0;
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
