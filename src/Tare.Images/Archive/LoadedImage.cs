// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>One image that was loaded, and the names it has now.</summary>
/// <param name="Names">from the archive; may be empty</param>
/// <param name="Id">the image ID; of an index, the one of the image that suits this host best</param>
/// <param name="Displaced">names that stood for other images before</param>
internal sealed record LoadedImage(IReadOnlyList<Reference> Names, Digest Id, IReadOnlyList<DisplacedName> Displaced)
{
    /// <summary>The lines that docker prints.</summary>
    public IEnumerable<string> Lines =>
    [
        .. Displaced.Select(static d =>
            $"The image {d.Name.Familiar} already exists, renaming the old one with ID {d.BeforeId} to empty string"),
        .. Names.Count == 0 ? [$"Loaded image ID: {Id}"] : Names.Select(static n => $"Loaded image: {n.Familiar}"),
    ];
}
