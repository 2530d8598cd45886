// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.State;

namespace Tare.Engine.Networks;

/// <summary>Where a store's elected keeper answers the host for names: an address of the loopback network, another one for each store.</summary>
internal static class HostNameAddress
{
    private const string OfDefaultStore = "127.53.0.1";

    public static string Of(EngineFolders folders)
    {
        if (folders.Root == EngineFolders.DefaultRoot)
        {
            return OfDefaultStore;
        }

        byte[] id = Convert.FromHexString(folders.StoreId);
        return string.Create(CultureInfo.InvariantCulture, $"127.53.{1 + (id[0] % 254)}.{1 + (id[1] % 254)}");
    }
}
