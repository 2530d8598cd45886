// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>A place that holds the result of one call of a launch program for later calls, usually a descriptor.</summary>
/// <remarks>
/// After a tolerated failure the place holds the negated errno. Made by <see cref="LaunchProgramBuilder"/> only.
/// </remarks>
internal readonly record struct Slot
{
    internal Slot(int index) => Index = index;

    internal int Index { get; }

    /// <summary>Holds when the call that filled this slot succeeded (or the descriptor was handed over).</summary>
    public Guard Succeeded => new(this, WantsFailure: false);

    /// <summary>Holds when the call that filled this slot failed with a tolerated errno.</summary>
    public Guard Failed => new(this, WantsFailure: true);
}
