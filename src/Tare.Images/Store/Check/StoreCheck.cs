// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store.Check;

/// <summary>Whether an image store is as it should be: every blob and layer that is needed is there and right, and nothing
/// else is.</summary>
/// <remarks>
/// A look takes no lock and changes nothing, so what other processes do meanwhile can look wrong for a moment: believe
/// what two looks say. Blobs that one look has hashed and found right are not hashed again by the same object.
/// </remarks>
internal sealed class StoreCheck
{
    private readonly ImageStore _store;
    private readonly BlobCheck _blobs;

    /// <param name="store">lent</param>
    /// <param name="isQuick">sizes are compared, bytes are not read</param>
    public StoreCheck(ImageStore store, bool isQuick)
    {
        _store = store;
        _blobs = new BlobCheck(isQuick);
    }

    public IReadOnlyList<Finding> Look()
    {
        var state = new StoreState(_store);
        return
        [
            .. CatalogCheck.Look(state), .. _blobs.Look(state), .. LayerCheck.Look(state), .. ScratchCheck.Look(state),
        ];
    }

    /// <summary>Removes what does not belong, under the locks and leases that everybody keeps to.</summary>
    /// <remarks>What is damaged goes too, so that the next load of its image writes it again.</remarks>
    public void Repair(IReadOnlyList<Finding> findings)
    {
        var state = new StoreState(_store);
        CatalogCheck.Repair(state, findings);
        BlobCheck.Repair(state, findings);
        LayerCheck.Repair(state, findings);
        new Collector(_store).Collect();
    }
}
