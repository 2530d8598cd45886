// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Brings a container's networks to what is recorded, after a process died that was changing them.</summary>
internal static class NetworkRecovery
{
    private const int MaxNames = 1 << 20;

    /// <summary>The caller holds the container's operation.</summary>
    public static void Finish(TareEngine engine, ContainerId id)
    {
        try
        {
            if (engine.Containers.Find(id.Text) is { Started: not null } row)
            {
                new NetworkConnection(engine, row).UnplugUnrecorded();
                PortChange.EndUnrecorded(engine, row);
            }
        }
        catch (Exception failure) when (failure is TareException or LinuxException)
        {
            // it ends just now, or its keeper did: what it has goes with it
        }

        ReleaseUnknown(engine.Folders, id.Text);
        RemoveUnrecorded(engine, id.Text);
    }

    /// <summary>Between an address that is claimed and the run folder that knows of it there is a moment.</summary>
    /// <remarks>The caller holds the container's operation.</remarks>
    public static void ReleaseUnknown(EngineFolders folders, string container)
    {
        using Fd? networks = HostPath.TryOpen($"{folders.Run}/networks", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (networks is null)
        {
            return;
        }

        using Fd? live = folders.TryOpenLive(container);
        LiveNetworks known = (live is null ? null : LiveNetworks.TryRead(live)) ?? new();
        foreach (string network in networks.SortedNames(MaxNames).Select(Encoding.UTF8.GetString))
        {
            LiveEndpoint? place = known.Endpoints.FirstOrDefault(each => each.Network == network);
            using AddressClaims? claims = AddressClaims.TryOpen(folders, network);
            foreach (IPAddress address in claims?.Of(container) ?? [])
            {
                if (place?.Addresses.Any(each => each.Address == address.ToString()) != true)
                {
                    claims!.Release(address, container);
                }
            }

            if (claims is not null && place is null)
            {
                NetworkNameFile.Remove(claims.Folder, null, container);
            }
        }
    }

    /// <summary>It may be the id of a network: of one that is gone, or never came to be, the folder goes too.</summary>
    private static void RemoveUnrecorded(TareEngine engine, string id)
    {
        using AddressClaims? claims = engine.Networks.Has(id) ? null : AddressClaims.TryOpen(engine.Folders, id);
        if (claims is not null && !engine.Networks.Has(id))
        {
            claims.RemoveFolder();
        }
    }
}
