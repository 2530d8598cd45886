// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>The states of a container, as docker names them.</summary>
internal enum ContainerStatusKind
{
    /// <summary>Made, and never ran.</summary>
    Created,

    /// <summary>Its keeper answers.</summary>
    Running,

    /// <summary>Ended; the exit code is known.</summary>
    Exited,

    /// <summary>Ended without a keeper to tell how: it was killed, or the machine went down.</summary>
    Dead,
}
