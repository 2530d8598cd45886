// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>How <see cref="Spawn"/> starts a program.</summary>
internal sealed record SpawnOptions
{
    /// <summary>The program itself, already open: it cannot be exchanged on its way to execve.</summary>
    public required Fd Executable { get; init; }

    /// <summary>At least the program's own name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=value each; nothing is inherited.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Lent descriptors; the child sees the first as 0, the second as 1 and so on, and no others.</summary>
    public required IReadOnlyList<Fd> Descriptors { get; init; }

    /// <summary>A session of its own, so that no terminal's signals reach it.</summary>
    public bool NewSession { get; init; }

    /// <summary>Signals that the child is born with blocked, in all its threads.</summary>
    public SignalSet Blocked { get; init; }
}
