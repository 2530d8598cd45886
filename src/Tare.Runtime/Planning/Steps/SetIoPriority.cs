// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets block I/O scheduling.</summary>
/// <param name="Name">of the class, as in C</param>
/// <param name="Class">its number</param>
/// <param name="Priority">0 (highest) to 7</param>
internal sealed record SetIoPriority(string Name, int Class, int Priority) : Step
{
    private const int ClassShift = 13;

    public override string Action => $"set I/O priority {Name} {Priority}";

    /// <summary>As ioprio_set(2) takes it.</summary>
    internal int Value => (Class << ClassShift) | Priority;

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.ioprio_set, IOPRIO_WHO_PROCESS, 0, Value);
}
