// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>The states of a container, as docker names them.</summary>
internal enum ContainerStatusKind
{
    /// <summary>Made, and never ran.</summary>
    Created,

    /// <summary>Its first process lives.</summary>
    Running,

    /// <summary>As running, with all its processes stopped.</summary>
    Paused,

    /// <summary>Ended; the exit code is 255 when nobody saw it.</summary>
    Exited,
}
