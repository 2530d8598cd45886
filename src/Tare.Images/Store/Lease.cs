// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>What a running load needs and no image holds yet: kept from the collector until the load ends or its process dies.</summary>
internal sealed class Lease : IDisposable
{
    private const string Prefix = "lease";
    private readonly StoreFolder _folder;
    private readonly Catalog _catalog;
    private readonly Scratch _life;

    private Lease(StoreFolder folder, Catalog catalog, Scratch life)
    {
        _folder = folder;
        _catalog = catalog;
        _life = life;
    }

    /// <summary>The name of the lock that the owner holds as long as it lives.</summary>
    public string Owner => Encoding.ASCII.GetString(_life.Name);

    public static Lease Begin(StoreFolder folder, Catalog catalog)
    {
        Reserve.Keep(folder);
        return new(folder, catalog, Scratch.TakeNew(folder, Prefix));
    }

    /// <summary>How the catalog spells an unpacked layer among blobs.</summary>
    public static string Item(ChainId chain) => "layer:" + chain;

    public static string Item(Digest blob) => blob.ToString();

    /// <summary>From here on these are not collected, whether they are there already or come later.</summary>
    public void Add(params IEnumerable<string> items) => _catalog.Write(durable: false, () =>
    {
        _catalog.AddLease(Owner, items);
        return true;
    });

    /// <summary>Removes leases whose owners are dead; inside a transaction.</summary>
    public static void RemoveDead(StoreFolder folder, Catalog catalog)
    {
        foreach (string owner in catalog.LeaseOwners())
        {
            using Scratch? dead = Scratch.TryTake(folder, owner);
            if (dead is not null)
            {
                catalog.EndLease(owner);
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Reserve.Use(_folder, () => _catalog.Write(durable: false, () =>
            {
                _catalog.EndLease(Owner);
                return true;
            }));
        }
        finally
        {
            _life.Dispose();
        }
    }
}
