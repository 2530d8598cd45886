// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>User namespaces: their maps, and one that is made for its map alone.</summary>
/// <remarks>man user_namespaces(7)</remarks>
internal static class UserNamespace
{
    /// <summary>The kernel takes 340 lines.</summary>
    private const int MaxMapBytes = 64 << 10;

    /// <summary>A namespace in which no process stays; for <see cref="Mounts.Mount.SetIdMap"/>.</summary>
    /// <param name="uidMap">lines of uid_map</param>
    /// <param name="gidMap">lines of gid_map</param>
    /// <exception cref="LinuxException">ENOSPC: too many user namespaces; EINVAL, EPERM: no such map</exception>
    public static Fd Create(string uidMap, string gidMap)
    {
        var builder = new LaunchProgramBuilder();

        // with no writer left in itself the process also ends when this one is killed
        builder.Call(SystemCall.dup3, [builder.Given(0), 0, 0]);
        builder.Call(SystemCall.close_range, [1, uint.MaxValue, 0]);
        builder.Call(SystemCall.read, [0, Arg.Buffer(8), 1]);
        builder.Exec(["/"u8.ToArray()], ["/"u8.ToArray()], []);
        using var pipe = new Pipe();
        using Launched launched = Launcher.Start(
            LaunchProgram.Read(builder.Build()), CloneFlags.NewUser, [pipe.Reader]);
        try
        {
            WriteMaps(launched.Pid, uidMap, gidMap);
            return HostPath.Open($"/proc/{launched.Pid}/ns/user", OpenFlags.ReadOnly);
        }
        finally
        {
            launched.Pidfd.TrySend(Signals.Kill);
            launched.Pidfd.Wait();
        }
    }

    /// <summary>The maps of a namespace, as lines of uid_map and gid_map with this process's ids on the right.</summary>
    /// <param name="space">lent</param>
    /// <exception cref="LinuxException">EINVAL: no user namespace, or the one that this process is in</exception>
    /// <remarks>The files belong to processes, so one goes there for a moment; it has no more than three descriptors of ours.</remarks>
    public static (byte[] UidMap, byte[] GidMap) ReadMaps(Fd space)
    {
        var builder = new LaunchProgramBuilder();
        builder.Call(SystemCall.prctl, [ProgramConstants.PR_SET_DUMPABLE, 0, 0, 0, 0]);
        builder.Call(SystemCall.setns, [builder.Given(0), (long)ProgramConstants.CLONE_NEWUSER]);
        builder.Call(SystemCall.write, [builder.Given(1), Arg.Bytes("."u8), 1]);
        builder.Call(SystemCall.read, [builder.Given(2), Arg.Buffer(8), 1]);
        builder.Exec(["/"u8.ToArray()], ["/"u8.ToArray()], []);
        using var tells = new Pipe();
        using var holds = new Pipe();
        using Launched launched = Launcher.Start(
            LaunchProgram.Read(builder.Build()), CloneFlags.None, [space, tells.Writer, holds.Reader]);
        tells.Writer.Dispose();
        Span<byte> word = stackalloc byte[1];
        if (tells.Reader.Read(word) != 1)
        {
            throw new LinuxException(launched.Complete()?.Error ?? Errno.ESRCH, "setns", "user namespace");
        }

        try
        {
            return ReadMaps(launched.Pid);
        }
        finally
        {
            launched.Pidfd.TrySend(Signals.Kill);
            launched.Pidfd.Wait();
        }
    }

    /// <summary>The maps of the namespace that a process is in.</summary>
    public static (byte[] UidMap, byte[] GidMap) ReadMaps(int pid) =>
        (HostPath.ReadAll($"/proc/{pid}/uid_map", MaxMapBytes), HostPath.ReadAll($"/proc/{pid}/gid_map", MaxMapBytes));

    /// <summary>Gives a new user namespace its maps; once.</summary>
    /// <param name="pid">the first process in it, a child of ours</param>
    /// <param name="uidMap">lines of uid_map</param>
    /// <param name="gidMap">lines of gid_map</param>
    public static void WriteMaps(int pid, string uidMap, string gidMap)
    {
        HostPath.WriteExisting($"/proc/{pid}/gid_map", Encoding.ASCII.GetBytes(gidMap));
        HostPath.WriteExisting($"/proc/{pid}/uid_map", Encoding.ASCII.GetBytes(uidMap));
    }
}
