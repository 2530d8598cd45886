// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Whom the faults of a <see cref="FaultCase"/> hit.</summary>
public enum FaultTarget
{
    /// <summary>The command, and every process that comes of it.</summary>
    Command,

    /// <summary>The keeper of the container that is there, and its children.</summary>
    Keeper,

    /// <summary>The keeper that the command starts, from its first call on, and its children.</summary>
    NewKeeper,
}
