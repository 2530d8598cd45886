// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Pruning;
using Tare.Engine.State;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Removes networks that no running container is on.</summary>
internal static class NetworkRemoval
{
    /// <summary>Removes one.</summary>
    /// <exception cref="TareException">PermissionDenied: one of the three that are always there; Conflict: containers are on it</exception>
    public static void Remove(TareEngine engine, NetworkRow row)
    {
        if (row.IsPredefined)
        {
            throw new TareException(ErrorKind.PermissionDenied, $"{row.Name} is a pre-defined network and cannot be removed");
        }

        // whoever dies between the record and the folder leaves the folder to the next command
        using var operation = Operation.Begin(engine.Folders, row.Id);
        using AddressClaims claims = AddressClaims.Open(engine.Folders, row.Id);
        List<string> users = [.. claims.List().Select(static claim => claim.Container).Distinct()];
        if (users.Count > 0)
        {
            operation.Complete();
            throw new TareException(
                ErrorKind.Conflict,
                $"error while removing network: network {row.Name} has active endpoints (name:{string.Join(", name:", users.Select(id => NameOf(engine, id)))})",
                "stop them, or: tare network disconnect");
        }

        // devices first: whoever dies after that leaves a record, which the next rm, or a start, brings to an end
        using NetlinkSocket host = NetlinkSocket.Open();
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        using FileLock? alone = FilterLock.Share(engine.Folders);
        NetworkDevices.Remove(host, filter, new StoreFirewall(engine.Folders.StoreId), new ForeignFirewalls(engine.Folders.StoreId), row.Plan);
        engine.Networks.Delete(row.Id);
        claims.RemoveFolder();
        operation.Complete();
    }

    /// <summary>Removes all that no running container is on.</summary>
    /// <returns>names of those that went</returns>
    public static IReadOnlyList<string> Prune(TareEngine engine, PruneFilter filter)
    {
        List<string> removed = [];
        foreach (NetworkRow row in engine.Networks.List().Where(row => !row.IsPredefined && filter.Matches(row.Created, row.Record.Labels)))
        {
            try
            {
                Remove(engine, row);
                removed.Add(row.Name);
            }
            catch (TareException used) when (used.Kind == ErrorKind.Conflict)
            {
                // it is in use
            }
        }

        return removed;
    }

    private static string NameOf(TareEngine engine, string id) => engine.Containers.Find(id) is { } container ? $"\"{container.Name}\" id:\"{id[..12]}\"" : $"\"{id[..12]}\"";
}
