// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Tests.Planning;

public sealed class LaunchErrorTests
{
    [Theory]
    [InlineData("foo", Errno.ENOENT, 127, "exec: \"foo\": executable file not found in $PATH")]
    [InlineData("foo", Errno.ENOTDIR, 127, "exec: \"foo\": executable file not found in $PATH")]
    [InlineData("foo", Errno.EACCES, 126, "exec: \"foo\": permission denied")]
    [InlineData("/foo", Errno.ENOENT, 127, "exec: \"/foo\": no such file or directory")]
    [InlineData("/foo", Errno.ENOEXEC, 126, "exec: \"/foo\": exec format error")]
    [InlineData("/foo", Errno.EACCES, 126, "exec: \"/foo\": permission denied")]
    [InlineData("/foo", Errno.ENOTDIR, 126, "exec: \"/foo\": not a directory")]
    [InlineData("/foo", Errno.E2BIG, 126, "exec: \"/foo\": argument list too long")]
    public void A_program_that_cannot_run_has_dockers_exit_code(string program, Errno error, int code, string message)
    {
        LaunchPlan plan = Plan(program);

        LaunchError explained = plan.Explain(new LaunchFailure(error, plan.Steps.Count - 1, 0));

        Assert.Equal((code, message), (explained.ExitCode, explained.Message));
    }

    [Theory]
    [InlineData(Errno.ENOENT, 127, "working directory /work: no such file or directory")]
    [InlineData(Errno.EACCES, 126, "working directory /work: permission denied")]
    [InlineData(Errno.ENOTDIR, 126, "working directory /work: not a directory")]
    [InlineData(Errno.ELOOP, 126, "working directory /work: leads out of the container")]
    [InlineData(Errno.EIO, 125, "working directory /work: input/output error")]
    public void A_working_directory_that_cannot_be_entered_is_named(Errno error, int code, string message)
    {
        LaunchPlan plan = Plan("true");
        int step = plan.Steps.ToList().FindIndex(s => s is EnterDirectory);

        LaunchError explained = plan.Explain(new LaunchFailure(error, step, 0));

        Assert.Equal((code, message), (explained.ExitCode, explained.Message));
    }

    [Fact]
    public void Every_other_step_is_the_engines_failure_and_names_itself()
    {
        LaunchPlan plan = Plan("true");

        for (int step = 0; step < plan.Steps.Count - 1; step++)
        {
            if (plan.Steps[step] is not EnterDirectory)
            {
                LaunchError explained = plan.Explain(new LaunchFailure(Errno.ENOENT, step, 0));
                Assert.Equal(125, explained.ExitCode);
                Assert.Equal(plan.Steps[step].Action + ": no such file or directory", explained.Message);
            }
        }
    }

    [Fact]
    public void A_process_that_was_killed_during_its_set_up_is_told_as_such() =>
        Assert.Equal(125, Plan("true").Explain(new LaunchFailure(Errno.None, -1, -1)).ExitCode);

    private static LaunchPlan Plan(string program)
    {
        PlanCase given = PlanCase.Named("default");
        Spec spec = given.Spec();
        return LaunchPlan.Compile(spec with { Process = spec.Process! with { Cwd = "/work", Args = [program] } }, given.Host());
    }
}
