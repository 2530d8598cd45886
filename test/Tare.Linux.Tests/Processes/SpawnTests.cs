// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

public class SpawnTests
{
    [Fact]
    public void The_child_has_the_given_descriptors_and_no_others()
    {
        string listing = Output("ls /proc/self/fd");

        // 4 is the directory that ls reads
        Assert.Equal("0\n1\n2\n3\n4\n", listing);
    }

    [Fact]
    public void The_child_has_only_the_given_environment_and_default_signals()
    {
        Assert.Equal("A=1 SigIgn:\t0000000000000000\n", Output("printf \"A=$A \"; grep SigIgn /proc/self/status"));
    }

    [Fact]
    public void The_child_is_born_with_the_wanted_signals_blocked()
    {
        // a shell would clear its mask
        SignalSet blocked = SignalSet.Of(Signals.Terminate, Signals.User1);
        Run("/bin/grep", ["grep", "SigBlk", "/proc/self/status"], out string status, blocked);

        Assert.Equal("SigBlk:\t0000000000004200\n", status);
    }

    [Fact]
    public void The_exit_of_a_child_is_reported_by_code_or_by_signal()
    {
        Assert.Equal(new ExitStatus(7, 0, false), Run("exit 7", out _));
        ExitStatus killed = Run("kill -TERM $$", out _);
        Assert.Equal((0, 15, 143), (killed.Code, killed.Signal, killed.ShellCode));
    }

    [Fact]
    public void A_program_that_cannot_be_executed_is_an_error_at_once()
    {
        using Fd directory = HostPath.OpenDirectory("/");
        LinuxException error = Assert.Throws<LinuxException>(() => Spawn.Start(new SpawnOptions
        {
            Executable = directory,
            Arguments = ["x"],
            Descriptors = [],
        }));
        Assert.Equal(Errno.EACCES, error.Errno);
    }

    [Fact]
    public void A_session_is_ended_with_all_that_is_in_its_group()
    {
        using Fd shell = HostPath.Open("/bin/sh", OpenFlags.Path);
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        using var pipe = new Pipe();
        using Spawned child = Spawn.Start(new SpawnOptions
        {
            Executable = shell,
            Arguments = ["sh", "-c", "sh -c 'echo begun; sleep 1000'; sleep 1000"],
            Environment = ["PATH=/usr/bin:/bin"],
            Descriptors = [nothing, pipe.Writer, nothing],
            NewSession = true,
        });
        pipe.Writer.Dispose();
        byte[] buffer = new byte[16];
        Assert.Equal(6, pipe.Reader.Read(buffer));

        child.KillSession(9);

        // the end of the pipe: nobody has it any more, the grandchild neither
        Assert.Equal(0, pipe.Reader.Read(buffer));
        Assert.Equal(9, child.Pidfd.Wait().Signal);
        child.KillSession(9);
    }

    [Fact]
    public void A_limit_of_another_process_can_be_lowered_and_never_raised()
    {
        using Fd cat = HostPath.Open("/bin/cat", OpenFlags.Path);
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        using var pipe = new Pipe();
        using Spawned child = Spawn.Start(new SpawnOptions
        {
            Executable = cat,
            Arguments = ["cat"],
            Descriptors = [pipe.Reader, nothing, nothing],
        });

        Rlimit.Restrict(child.Pid, Rlimit.Data, 1 << 30);
        Rlimit.Restrict(child.Pid, Rlimit.Data, 2L << 30);

        Assert.Matches("Max data size +1073741824 +1073741824 ", System.IO.File.ReadAllText($"/proc/{child.Pid}/limits"));
        pipe.Writer.Dispose();
        Assert.Equal(0, child.Pidfd.Wait().Code);
        Rlimit.Restrict(child.Pid, Rlimit.Data, 1 << 20);
    }

    private static string Output(string script)
    {
        Run(script, out string output);
        return output;
    }

    private static ExitStatus Run(string script, out string output) =>
        Run("/bin/sh", ["sh", "-c", script], out output);

    private static ExitStatus Run(string program, string[] arguments, out string output, SignalSet blocked = default)
    {
        using Fd executable = HostPath.Open(program, OpenFlags.Path);
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        using Fd file = MemoryFile.Create("output"u8);
        using Spawned child = Spawn.Start(new SpawnOptions
        {
            Executable = executable,
            Arguments = arguments,
            Environment = ["A=1"],
            Descriptors = [nothing, file, file, nothing],
            NewSession = true,
            Blocked = blocked,
        });
        ExitStatus status = child.Pidfd.Wait();
        file.Seek(0);
        output = Encoding.UTF8.GetString(file.ReadAll(65536));
        return status;
    }
}
