// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store.Check;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>The image store, as <see cref="StoreCheck"/> sees it.</summary>
internal sealed class ImageConcern(TareEngine engine, bool isQuick) : IConcern
{
    private StoreCheck? _check;

    public string Name => "images";

    private StoreCheck Check => _check ??= new(engine.Images, isQuick);

    public IEnumerable<Finding> Look(Inventory now) => Check.Look();

    public void Repair(IReadOnlyList<Finding> findings)
    {
        if (findings.Count > 0)
        {
            Check.Repair(findings);
        }
    }
}
