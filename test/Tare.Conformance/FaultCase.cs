// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>A command that a <see cref="FaultSweep"/> has go wrong; its container, if any, is named <c>vv</c>.</summary>
/// <param name="Verb">the command line</param>
public sealed record FaultCase(params string[] Verb)
{
    /// <summary>What is done before, without faults; each has to succeed.</summary>
    public string[][] Prepare { get; init; } = [];

    /// <summary>Whose system calls go wrong.</summary>
    public FaultTarget Target { get; init; }

    /// <summary>The container runs when it is over, whatever went wrong: its keeper at most was hit.</summary>
    public bool MustRun { get; init; }

    public override string ToString() => string.Join(' ', Verb) + Target switch
    {
        FaultTarget.Keeper => " (its keeper)",
        FaultTarget.NewKeeper => " (its new keeper)",
        _ => "",
    };
}
