// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Oci;

/// <summary>One thing that <c>tare oci</c> can do: its flags, its help, and the action.</summary>
/// <param name="Summary">one line for the list of commands</param>
/// <param name="Usage">what follows the verb's name, such as <c>[OPTIONS] CONTAINER</c></param>
/// <param name="Act">does it; returns the exit code of the program, throws on failure</param>
internal sealed record OciVerb(string Summary, string Usage, Func<OciCall, int> Act)
{
    public IReadOnlyList<Flag> Flags { get; init; } = [];

    public int MinOperands { get; init; }

    public int MaxOperands { get; init; }

    /// <summary>True when everything after the first operand belongs to somebody else's command line.</summary>
    public bool StopsAtOperand { get; init; }

    /// <summary>The exit code of a failure that is ours; 255 for <c>exec</c>, whose exit code is the process's.</summary>
    public int FailureCode { get; init; } = 1;
}
