// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets the execution domain.</summary>
/// <param name="Domain">PER_LINUX (0) or PER_LINUX32 (8)</param>
internal sealed record SetPersonality(uint Domain) : Step
{
    public override string Action => $"set personality {Domain}";

    internal override void Lower(Lowering to) => to.Call(SystemCall.personality, Domain);
}
