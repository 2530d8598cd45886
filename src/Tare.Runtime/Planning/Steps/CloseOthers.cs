// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Marks every descriptor but the standard ones to be closed when the program is executed.</summary>
/// <param name="Preserved">how many behind the standard ones are kept too</param>
internal sealed record CloseOthers(int Preserved = 0) : Step
{
    private const int Standard = 3;

    public override string Action => "close all other descriptors";

    public override string Details => Preserved == 0 ? "" : $"but the {Preserved} that follow the standard ones";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.close_range, Standard + Preserved, uint.MaxValue, CLOSE_RANGE_CLOEXEC);
}
