// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets how willingly the kernel kills the process when memory ends.</summary>
/// <param name="Value">−1000 to 1000</param>
internal sealed record SetOomScore(int Value) : Step
{
    public override string Action => $"set oom_score_adj {Value}";

    internal override void Lower(Lowering to) =>
        to.WriteProc("self/oom_score_adj", Encoding.ASCII.GetBytes(Value.ToString(CultureInfo.InvariantCulture)));
}
