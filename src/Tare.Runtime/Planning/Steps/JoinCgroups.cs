// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Moves the process into its cgroups, one in each hierarchy.</summary>
/// <param name="First">position of the first of the files to write to</param>
/// <param name="Count">how many there are</param>
/// <remarks>Before anything that costs memory or time; a process that moves itself is the cheapest way.</remarks>
internal sealed record JoinCgroups(int First, int Count) : Step
{
    public override string Action => "join the cgroups";

    public override string Details => $"{Count}";

    internal override void Lower(Lowering to)
    {
        Arg zero = Arg.Text("0");
        for (int i = 0; i < Count; i++)
        {
            to.Call(SystemCall.write, to.Builder.Given(First + i), zero, 1);
        }
    }
}
