// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Elected;
using Tare.Keeper.Log;

namespace Tare.Keeper;

/// <summary>All that a keeper is told: what to start or to adopt, what to pump, what to clean up. Sealed before it is sent.</summary>
internal sealed record KeeperOrder
{
    /// <summary>The container's first process; for an adopted one only its streams count.</summary>
    public required ProcessOrder Main { get; init; }

    /// <summary>A container that runs and whose keeper died; null: a new one is started.</summary>
    public KeeperState? Adopted { get; init; }

    /// <summary>Name of the log in the container's folder of the store; null: no log.</summary>
    public string? LogName { get; init; }

    /// <summary>A JSON object that goes into each record of the log; empty: none. At most <see cref="OrderBytes.MaxTextBytes"/>.</summary>
    public string LogAttributes { get; init; } = "";

    public LogLimits LogLimits { get; init; } = LogLimits.Default;

    /// <summary>Arguments of the <c>tare</c> child that packs the log's rotated files; empty: they stay as they are.</summary>
    public IReadOnlyList<string> PackLog { get; init; } = [];

    /// <summary>When the starter is still there at the end it cleans up itself, and nothing is spawned.</summary>
    public bool StarterCleansUp { get; init; }

    /// <summary>The starter hears of the process as soon as it is there, to make its network while it makes the rest.</summary>
    public bool TellsBirth { get; init; }

    /// <summary>What is done for the whole store if this keeper is elected; null: it takes no part, as it has no networks of its own.</summary>
    public ElectedOrder? Elected { get; init; }

    /// <summary>The container is on a network from the beginning; else it takes part once it has something to serve there.</summary>
    public bool HasNetworks { get; init; }

    /// <summary>Directories of cgroups (absolute paths of the host) that are emptied and removed at the end.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>The first of <see cref="Cgroups"/> is of the unified hierarchy, and processes are born in it.</summary>
    /// <remarks>
    /// Moving there by writing to <c>cgroup.procs</c> stops all forks and exits of the machine for an RCU grace period,
    /// which takes milliseconds. man clone3(2), CLONE_INTO_CGROUP
    /// </remarks>
    public bool BornInFirstCgroup { get; init; }

    /// <summary>Arguments of the <c>tare</c> child that records or removes the container at the end; empty: none.</summary>
    public IReadOnlyList<string> CleanUp { get; init; } = [];
}
