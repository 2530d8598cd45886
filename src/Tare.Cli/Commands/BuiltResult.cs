// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Building;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>An image as one output wants it. Both are owned.</summary>
/// <param name="Image">manifest and config</param>
/// <param name="Attested">the index around it, when something is said about it</param>
internal sealed record BuiltResult(BuiltImage Image, BuiltIndex? Attested) : IDisposable
{
    public IImageSource Source => Attested is { } attested ? attested : Image;

    /// <summary>What names lead to.</summary>
    public Descriptor Root => Attested?.Root ?? Image.Root;

    public void Dispose()
    {
        Attested?.Dispose();
        Image.Dispose();
    }
}
