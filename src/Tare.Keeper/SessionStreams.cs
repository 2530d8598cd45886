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

    /// <summary>Ctrl-P Ctrl-Q leaves the container running. Only with a terminal.</summary>
    public bool DetachKeys { get; init; } = true;
}
