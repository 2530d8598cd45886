// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Prove;

/// <summary>Many launches in a row while other threads allocate and collect; counts those that hang or fail.</summary>
internal static class Launches
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);
    private const CloneFlags Namespaces =
        CloneFlags.NewMount | CloneFlags.NewPid | CloneFlags.NewIpc | CloneFlags.NewUts;

    public static int Run(int runs, string mode)
    {
        LaunchProgram program = LaunchProgram.Read(Program());
        int hung = 0;
        int bad = 0;
        var microseconds = new List<double>(runs);
        int collections = GC.CollectionCount(0);
        using var load = new Load(mode);
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using Launched launched = Launcher.Start(program, Namespaces, []);
            if (!Poll.Wait([new PollEntry(launched.Pidfd.Fd, EpollEvents.Readable)], Hang))
            {
                hung++;
                Console.Error.WriteLine($"run {run}: process {launched.Pid} hangs");
                launched.Pidfd.TrySend(9);
            }

            LaunchFailure? failure = launched.Complete();
            ExitStatus? status = failure is null ? launched.Pidfd.Wait() : null;
            if (status is not { Code: 0, Signal: 0 })
            {
                bad++;
                Console.Error.WriteLine($"run {run}: {failure} {status}");
            }

            microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        microseconds.Sort();
        Console.WriteLine(
            $"launches {runs} mode {mode} hung {hung} bad {bad} collections {GC.CollectionCount(0) - collections} "
            + $"allocations {load.Allocations} us median {microseconds[runs / 2]:F0} p10 {microseconds[runs / 10]:F0} "
            + $"p99 {microseconds[runs * 99 / 100]:F0} max {microseconds[^1]:F0}");
        return hung + bad == 0 ? 0 : 1;
    }

    /// <summary>Private mounts, a tmpfs over /tmp with the usual small calls on it, a host name, dropped rights.</summary>
    private static byte[] Program()
    {
        const int MS_REC_PRIVATE = 0x4000 | (1 << 18);
        const int PR_SET_NO_NEW_PRIVS = 38;
        var builder = new LaunchProgramBuilder();
        builder.Call(SystemCall.mount, [0, Arg.Text("/"), 0, MS_REC_PRIVATE]);
        builder.Step++;
        builder.Call(SystemCall.mount, [Arg.Text("tmpfs"), Arg.Text("/tmp"), Arg.Text("tmpfs")]);
        builder.Call(SystemCall.mount, [Arg.Text("proc"), Arg.Text("/proc"), Arg.Text("proc")]);
        for (int i = 0; i < 40; i++)
        {
            builder.Call(SystemCall.mkdirat, [Libc.AT_FDCWD, Arg.Text($"/tmp/{i}"), 0x1ed]);
        }

        builder.Step++;
        builder.Call(SystemCall.sethostname, [Arg.Text("tare"), 4]);
        for (int capability = 0; capability < 30; capability++)
        {
            builder.Call(SystemCall.prctl, [24, capability]);
        }

        builder.Call(SystemCall.prctl, [PR_SET_NO_NEW_PRIVS, 1]);
        builder.Exec(
            [Bytes("/none/busybox"), Bytes("/bin/busybox"), Bytes("/usr/bin/busybox")],
            [Bytes("busybox"), Bytes("true")],
            [Bytes("PATH=/bin")]);
        return builder.Build();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
