// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>All that a keeper is told: what to start, what to pump, what to clean up. Sealed before it is sent.</summary>
internal sealed record KeeperOrder
{
    /// <summary>The launch program of the container's main process.</summary>
    public required LaunchProgram Program { get; init; }

    /// <summary>New namespaces of the container.</summary>
    public CloneFlags Namespaces { get; init; }

    /// <summary>The container's 0, 1 and 2 are a terminal; else three pipes.</summary>
    public bool Terminal { get; init; }

    /// <summary>Size of the terminal at its birth, so that the first line is not drawn for a wrong one.</summary>
    public TerminalSize? TerminalSize { get; init; }

    /// <summary>Standard input is open; else it is /dev/null.</summary>
    public bool OpenInput { get; init; }

    /// <summary>
    /// User who owns the container's pipes or terminal, in ids of the host: a process that is not root could not open
    /// its own /dev/stdout otherwise.
    /// </summary>
    public uint StreamOwner { get; init; }

    /// <summary>The starter's connection is attached from the first byte, and its back-pressure holds the container.</summary>
    public bool AttachStarter { get; init; }

    /// <summary>When the starter is still there at the end it cleans up itself, and nothing is spawned.</summary>
    public bool StarterCleansUp { get; init; }

    /// <summary>Directories of cgroups (absolute paths of the host) that are emptied and removed at the end.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>The first of <see cref="Cgroups"/> is of the unified hierarchy, and the process is born in it.</summary>
    /// <remarks>
    /// Moving there by writing to <c>cgroup.procs</c> stops all forks and exits of the machine for an RCU grace period,
    /// which takes milliseconds. man clone3(2), CLONE_INTO_CGROUP
    /// </remarks>
    public bool BornInFirstCgroup { get; init; }

    /// <summary>Arguments of the <c>tare</c> child that removes the container at the end; empty: none.</summary>
    public IReadOnlyList<string> CleanUp { get; init; } = [];
}
