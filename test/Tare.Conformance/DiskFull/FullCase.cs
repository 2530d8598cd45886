// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.DiskFull;

/// <summary>A command for which there may be too little room.</summary>
/// <param name="Verb">the command</param>
internal sealed record FullCase(params string[] Verb)
{
    /// <summary>What takes back what it did, when it succeeded.</summary>
    public required string[][] Undo { get; init; }

    /// <summary>Everything that must not change when it fails, as text.</summary>
    public required Func<string> State { get; init; }

    /// <summary>The error that has to be there, when the disk is not the command's own.</summary>
    public string Says { get; init; } = "no space left on device";
}
