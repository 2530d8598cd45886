// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One line of the list of images: a name and what it stands for.</summary>
/// <param name="Name">null for an image without a name (dangling)</param>
/// <param name="Id">the image ID</param>
/// <param name="Root">the manifest or index that the name leads to</param>
/// <param name="Platform">what the image runs on</param>
/// <param name="Created">null when its config does not tell</param>
/// <param name="Size">bytes of its files</param>
/// <param name="Labels">from its config; only read when something asks for them</param>
internal sealed record ImageRow(
    Reference? Name, Digest Id, Digest Root, Platform Platform, DateTimeOffset? Created, long Size,
    Lazy<IReadOnlyDictionary<string, string>> Labels)
{
    /// <summary>As users write it, or <c>&lt;none&gt;</c>.</summary>
    public string Repository => Name?.FamiliarName ?? "<none>";

    /// <summary>Or <c>&lt;none&gt;</c>.</summary>
    public string Tag => Name?.Tag ?? "<none>";
}
