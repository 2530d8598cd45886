// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>How a layout's index names its roots.</summary>
/// <remarks>image-spec annotations.md#pre-defined-annotation-keys; containerd and docker write the whole name beside it.</remarks>
internal static class LayoutAnnotations
{
    private const string WholeKey = "io.containerd.image.name";
    private const string TagKey = "org.opencontainers.image.ref.name";

    /// <summary>As docker writes them.</summary>
    public static IReadOnlyDictionary<string, string> For(Reference name)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [WholeKey] = name.ToString() };
        if (name.Tag is { } tag)
        {
            annotations[TagKey] = tag;
        }
        return annotations;
    }

    /// <summary>As skopeo and the spec's own tools write them: what the user said, whatever it is.</summary>
    public static IReadOnlyDictionary<string, string>? ForLabel(string? label) =>
        label is null ? null : new SortedDictionary<string, string>(StringComparer.Ordinal) { [TagKey] = label };

    /// <summary>What <see cref="ForLabel"/> wrote, or null.</summary>
    public static string? LabelOf(Descriptor root) => root.Annotations?.GetValueOrDefault(TagKey);

    /// <summary>The name that a descriptor carries; a bare tag names no repository, so it is none.</summary>
    public static Reference? NameOf(Descriptor root)
    {
        string? text = root.Annotations?.GetValueOrDefault(WholeKey);
        if (text is null)
        {
            string? tag = root.Annotations?.GetValueOrDefault(TagKey);
            text = tag?.AsSpan().IndexOfAny(":/@") >= 0 ? tag : null;
        }
        return text is not null && Reference.TryParse(text, out Reference? name) ? name : null;
    }
}
