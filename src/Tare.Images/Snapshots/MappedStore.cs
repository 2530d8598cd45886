// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;

namespace Tare.Images.Snapshots;

/// <summary>What a writable snapshot is made of, shown through a map of ids; all lent.</summary>
/// <param name="Users">whom the container's ids stand for</param>
/// <param name="Layers">the store's folder of layers</param>
/// <param name="Container">the container's own folder</param>
/// <remarks>Folders below detached mounts, which have to live until the snapshot is made and no longer.</remarks>
internal sealed record MappedStore(MappedUsers Users, Fd Layers, Fd Container);
