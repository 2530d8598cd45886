// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

/// <summary>What a launched process has of its starter; what programs mean is in Tare.Prove.</summary>
public class LauncherTests
{
    [Fact]
    public void Nothing_of_the_starters_memory_is_in_the_first_process()
    {
        string[] maps = Output(builder =>
        {
            Slot file = builder.NewSlot();
            Slot length = builder.NewSlot();
            Arg buffer = Arg.Buffer(16 << 10);
            builder.Call(SystemCall.openat, [Libc.AT_FDCWD, Arg.Text("/proc/self/maps"), 0], file);
            builder.Call(SystemCall.read, [file, buffer, 16 << 10], length);
            builder.Call(SystemCall.write, [builder.Given(0), buffer, length]);
            Shell(builder, "exit 0");
        }).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] names = [.. maps.Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Select(words => words.Length < 6 ? "" : words[5].Trim())];
        Assert.Contains("/memfd:tare launch (deleted)", names);
        Assert.All(names, name => Assert.True(
            name is "/memfd:tare launch (deleted)" or "/memfd:tare report (deleted)" || name.StartsWith('['), name));
        Assert.DoesNotContain(maps, line => line.Contains("rwx", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_may_look_into_it_before_it_executes() => Assert.Equal("\0", Output(builder =>
    {
        const int PR_GET_DUMPABLE = 3;
        Slot dumpable = builder.NewSlot();
        builder.Call(SystemCall.prctl, [PR_GET_DUMPABLE, 0, 0, 0, 0], dumpable);
        builder.Call(SystemCall.write, [builder.Given(0), Arg.Block(Field.Slot32(dumpable)), 1]);
        Shell(builder, "exit 0");
    }));

    [Fact]
    public void What_it_was_given_does_not_come_through_the_last_execve() => Assert.Equal("1", Output(builder =>
    {
        builder.Call(SystemCall.dup3, [builder.Given(0), 1, 0]);
        Shell(builder, "cd /proc/$$/fd; p=$(readlink 1); for n in *; do if test \"$(readlink $n)\" = \"$p\"; then echo $n; fi; done");
    }).Trim());

    [Fact]
    public void A_birth_that_the_kernel_refuses_says_so()
    {
        using var pipe = new Pipe();
        var builder = new LaunchProgramBuilder();
        Shell(builder, "exit 0");
        LaunchProgram program = LaunchProgram.Read(builder.Build());

        // a flag that no kernel knows
        var failure = Assert.Throws<LinuxException>(() => Launcher.Start(program, (CloneFlags)(1UL << 60), [pipe.Writer]));

        Assert.Equal((Errno.EINVAL, "clone3"), (failure.Errno, failure.Operation));
    }

    private static string Output(Action<LaunchProgramBuilder> write)
    {
        var builder = new LaunchProgramBuilder();
        write(builder);
        using var pipe = new Pipe();
        using Launched launched = Launcher.Start(LaunchProgram.Read(builder.Build()), CloneFlags.None, [pipe.Writer]);
        pipe.Writer.Dispose();
        using var text = new StreamReader(new FdStream(pipe.Reader), Encoding.UTF8);
        string output = text.ReadToEnd();
        Assert.Null(launched.Complete());
        launched.Pidfd.Wait();
        return output;
    }

    private static void Shell(LaunchProgramBuilder builder, string script) =>
        builder.Exec([Bytes("/bin/sh")], [Bytes("sh"), Bytes("-c"), Bytes(script)], []);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
