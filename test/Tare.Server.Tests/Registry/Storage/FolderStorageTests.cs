// SPDX-License-Identifier: Apache-2.0
using Tare.Server.Registry;

namespace Tare.Server.Tests.Registry.Storage;

public sealed class FolderStorageTests : StorageContract
{
    private protected override Task<Served> StartAsync(Func<RegistryOptions, RegistryOptions>? change = null) =>
        Served.StartAsync(change: change);
}
