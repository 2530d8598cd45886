// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Tells the image store, which knows no containers, which of its images containers need.</summary>
internal static class ImageUsers
{
    /// <summary>Every container of the store, running or not.</summary>
    public static IReadOnlyList<ImageUse> Read(TareEngine engine) =>
    [
        .. engine.Containers.List().Select(row => new ImageUse(
            Digest.Parse(
                row.Manifest), row.Id.Text, StatusReader.Read(engine, row).IsLive)),
    ];
}
