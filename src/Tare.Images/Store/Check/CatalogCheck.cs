// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store.Check;

/// <summary>images.db: the file is whole, and no row leads nowhere.</summary>
internal static class CatalogCheck
{
    private const string Damaged = "database";
    private const string Dangling = "catalog";

    public static IEnumerable<Finding> Look(StoreState state) =>
    [
        .. state.Store.Catalog.Damage().Select(static line => new Finding(
            Damaged, "images.db", line, Repairable: false, "move images.db away and load or pull the images again")),
        .. state.Store.Catalog.DanglingRows().Select(static found => new Finding(
            Dangling, found.Row, $"images.db has {found.What}", Repairable: true)),
    ];

    public static void Repair(StoreState state, IReadOnlyList<Finding> findings)
    {
        if (findings.Any(static f => f.Kind == Dangling))
        {
            state.Store.Catalog.Write(durable: true, () =>
            {
                state.Store.Catalog.RemoveDanglingRows();
                return true;
            });
        }
    }
}
