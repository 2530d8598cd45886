// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Tests.Planning;

public sealed class LaunchPlanGoldenTests
{
    public static TheoryData<string> Cases => new(PlanCase.Names());

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_plan_of_a_spec_is_the_expected_one(string name)
    {
        PlanCase given = PlanCase.Named(name);

        string plan = given.Plan().ToString();

        if (Environment.GetEnvironmentVariable("TARE_BLESS") == "1")
        {
            File.WriteAllText(given.ExpectedPath, plan);
        }

        Assert.Equal(File.ReadAllText(given.ExpectedPath), plan);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_program_of_a_plan_is_sound(string name)
    {
        var plan = PlanCase.Named(name).Plan();

        LaunchProgram program = LaunchProgram.Read(plan.ToProgram());

        Assert.True(program.GivenCount <= plan.Given.Count);
    }
}
