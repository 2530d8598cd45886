// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>What is mounted.</summary>
internal enum MountKind
{
    /// <summary>A file or folder of the host.</summary>
    Bind,

    /// <summary>A volume of the store, by name or, without one, made for this container.</summary>
    Volume,

    /// <summary>Memory.</summary>
    Tmpfs,
}
