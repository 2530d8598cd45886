// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Images.Store.Check;

/// <summary>tmp/ and the leases: nothing of a dead process is left. <see cref="Collector"/> puts it right.</summary>
internal static class ScratchCheck
{
    public static IEnumerable<Finding> Look(StoreState state) =>
    [
        .. state.Names("tmp")
            .Select(static found => Encoding.UTF8.GetString(found.Name))
            .Where(name => !state.IsHeld(name.Split('.')[0]) && !IsOfPartial(state, name))
            .Select(static name => new Finding("scratch", $"tmp/{name}", "a dead process left it", Repairable: true)),
        .. state.Store.Catalog.LeaseOwners()
            .Where(owner => !state.IsHeld(owner))
            .Select(static owner => new Finding("lease", owner, "its process is dead", Repairable: true)),
    ];

    private static bool IsWorthKeeping(StoreState state, string name) =>
        PartialBlob.IsWorthKeeping(state.Store.Folder.Scratch, Encoding.UTF8.GetBytes(name), state.Store.Now);

    /// <summary>A young blob that is not whole, and the lock beside it.</summary>
    private static bool IsOfPartial(StoreState state, string name)
    {
        string stem = name.Split('.')[0];
        return IsWorthKeeping(state, stem + ".blob") || IsWorthKeeping(state, stem + ".old");
    }
}
