// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Which images a list or a prune is about: docker's <c>--filter</c>.</summary>
internal sealed record ImageFilter
{
    public static ImageFilter None { get; } = new();

    /// <summary>Only (true) or no (false) images without a name.</summary>
    public bool? Dangling { get; init; }

    /// <summary>Patterns of names; one must fit.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>A label with any value, or <c>label=value</c>; all must be there.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>As <see cref="Labels"/>; none may be there.</summary>
    public IReadOnlyList<string> WithoutLabels { get; init; } = [];

    /// <summary>Only images made before this one.</summary>
    public string? Before { get; init; }

    /// <summary>Only images made after this one.</summary>
    public string? Since { get; init; }

    /// <summary>Only images made before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Reads <c>key=value</c> pairs as the user wrote them.</summary>
    /// <exception cref="TareException">InvalidArgument for a key or value that is none</exception>
    public static ImageFilter Parse(IEnumerable<string> filters)
    {
        ImageFilter filter = None;
        foreach (string text in filters)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new TareException(ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(text)}: want key=value");
            }
            filter = filter.With(text[..equals].Trim().ToLowerInvariant(), text[(equals + 1)..].Trim());
        }
        return filter;
    }

    /// <summary>What is about the image, not about its name.</summary>
    internal bool MatchesImage(StoredImage image, ImageStore store) =>
        Labels.All(wanted => LabelPattern.Fits(wanted, image.Config.Config.Labels))
        && !WithoutLabels.Any(unwanted => LabelPattern.Fits(unwanted, image.Config.Config.Labels))
        && (Until is null || image.Created < Until)
        && (Before is null || image.Created < store.Get(Before).Created)
        && (Since is null || image.Created > store.Get(Since).Created);

    /// <summary>What is about the name.</summary>
    internal bool MatchesName(Reference? name) =>
        (Dangling is null || Dangling == name is null)
        && (References.Count == 0 || (name is not null && References.Any(p => NamePattern.Matches(p, name))));

    private ImageFilter With(string key, string value) => key switch
    {
        "dangling" => this with { Dangling = ParseBool(value) },
        "reference" => this with { References = [.. References, value] },
        "label" => this with { Labels = [.. Labels, value] },
        "before" => this with { Before = value },
        "since" => this with { Since = value },
        "until" => this with { Until = ParseTime(value) },
        _ => throw new TareException(ErrorKind.InvalidArgument, $"invalid filter '{key}'"),
    };

    private static bool ParseBool(string value) =>
        GoBoolean.Parse(value) ?? throw new TareException(ErrorKind.InvalidArgument, $"invalid filter 'dangling={value}'");

    private static DateTimeOffset ParseTime(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : Timestamp.Parse(value)
                ?? throw new TareException(ErrorKind.InvalidArgument, $"invalid filter 'until={value}': want RFC 3339 or seconds");
}
