// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli;

/// <summary>One thing the program can do: its flags, its help, and the action.</summary>
/// <param name="Summary">one line for the list of commands</param>
/// <param name="Usage">what follows the verb's name, such as <c>[OPTIONS] IMAGE [COMMAND] [ARG...]</c></param>
/// <param name="Act">does it; returns the exit code of the program</param>
internal sealed record Verb(string Summary, string Usage, Func<Session, ParsedArguments, int> Act)
{
    public IReadOnlyList<Flag> Flags { get; init; } = [];

    /// <summary>Whole command lines with a word about each, for the help and the man page.</summary>
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; init; } = [];

    public int MinOperands { get; init; }

    public int MaxOperands { get; init; } = int.MaxValue;

    /// <summary>What a shell offers for the operands.</summary>
    public Candidates Completes { get; init; }

    /// <summary>True when everything after the first operand belongs to somebody else's command line.</summary>
    public bool StopsAtOperand { get; init; }

    /// <summary>False for what everybody may do, such as printing help.</summary>
    public bool NeedsRoot { get; init; } = true;

    /// <summary>The exit code of a failure that is ours: 125 for verbs whose exit code is the container's, else
    /// 1.</summary>
    public int FailureCode { get; init; } = 1;
}
