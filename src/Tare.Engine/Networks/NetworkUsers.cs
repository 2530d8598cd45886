// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Linux;

namespace Tare.Engine.Networks;

/// <summary>The running containers of a network.</summary>
internal static class NetworkUsers
{
    /// <summary>Each with its place on it, by id.</summary>
    public static IReadOnlyList<(ContainerRow Container, LiveEndpoint Place)> Of(TareEngine engine, NetworkRow network)
    {
        List<(ContainerRow, LiveEndpoint)> users = [];
        foreach (ContainerRow row in engine.Containers.List().Where(static row => row.Started is not null).OrderBy(static row => row.Id.Text, StringComparer.Ordinal))
        {
            using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
            LiveNetworks? networks = live is null ? null : LiveNetworks.TryRead(live);
            if (networks?.Endpoints.FirstOrDefault(each => each.Network == network.Id) is { } place)
            {
                users.Add((row, place));
            }
        }

        return users;
    }
}
