// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>The engine's store that a registry shows.</summary>
/// <param name="Folder">for what is no image of the store: on the store's file system</param>
/// <param name="Open">opens the store; called from several threads</param>
/// <param name="Uses">the containers there are, for removals</param>
internal sealed record StoreOptions(string Folder, Func<ImageStore> Open, Func<IReadOnlyList<ImageUse>> Uses)
{
    /// <summary>What this server is called, <c>host[:port]</c>, beside its address: pushed images are named after it.</summary>
    public string? Name { get; init; }
}
