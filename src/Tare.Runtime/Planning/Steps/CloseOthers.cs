// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Marks every descriptor but the standard ones to be closed when the program is executed.</summary>
internal sealed record CloseOthers : Step
{
    public override string Action => "close all other descriptors";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.close_range, 3, uint.MaxValue, CLOSE_RANGE_CLOEXEC);
}
