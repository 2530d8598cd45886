// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;

namespace Tare.Keeper;

/// <summary>What an attached session reads and writes on its own side; all lent.</summary>
internal sealed record SessionStreams
{
    /// <summary>Sent to the container; null: no input.</summary>
    public Fd? Input { get; init; }

    public Fd? Output { get; init; }

    public Fd? Error { get; init; }

    /// <summary>The user's terminal, which is made raw and whose size is followed; null when there is none.</summary>
    public Fd? Terminal { get; init; }

    /// <summary>Signals of this process go to the container (<c>--sig-proxy</c>).</summary>
    public bool ForwardSignals { get; init; } = true;

    /// <summary>When nobody reads our output any more, we leave the process to itself; else it is told, and we stay.</summary>
    public bool LeavesBroken { get; init; }

    /// <summary>These keys leave the process running. Only with a terminal; empty: none do.</summary>
    public IReadOnlyList<byte> DetachKeys { get; init; } = Keeper.DetachKeys.Default;
}
