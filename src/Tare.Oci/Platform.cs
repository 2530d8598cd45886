// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>What an image runs on: operating system, architecture, variant of the architecture.</summary>
/// <remarks>image-spec image-index.md#platform-variants; names are those of Go (amd64, arm64, 386 …).
/// Documents may spell it oddly: compare after <see cref="Normalize"/>.</remarks>
/// <param name="Architecture">GOARCH, such as amd64</param>
/// <param name="Os">GOOS, such as linux</param>
public sealed record Platform(string Architecture, string Os)
{
    private const int MaxTextLength = 128;

    /// <summary>Such as v7 of arm; null when the architecture says it all.</summary>
    public string? Variant { get; init; }

    /// <summary>The version of the operating system (Windows only).</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>What the operating system must offer (Windows only).</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>Parses <c>os/arch[/variant]</c>, <c>os</c> or <c>arch</c>; what is not said is taken from the
    /// host.</summary>
    /// <exception cref="TareException">InvalidArgument when it names no platform</exception>
    public static Platform Parse(string text, Platform host)
    {
        string[] parts = text.Length <= MaxTextLength ? text.Split('/') : [];
        if (parts.Length is < 1 or > 3 || !Array.TrueForAll(parts, IsPart))
        {
            throw Malformed(text);
        }
        return parts switch
        {
            [string os, string architecture, string variant] =>
                new Platform(architecture, os) { Variant = variant }.Normalize(),
            [string os, string architecture] => new Platform(architecture, os).Normalize(),
            [string one] when PlatformNames.IsOs(one) =>
                new Platform(host.Architecture, one) { Variant = host.Variant }.Normalize(),
            [string one] when PlatformNames.IsArchitecture(one) => new Platform(one, host.Os).Normalize(),
            _ => throw Malformed(text),
        };
    }

    /// <summary>The same platform under the names that everybody compares: x86_64 is amd64, arm without a variant is
    /// v7.</summary>
    public Platform Normalize()
    {
        (string architecture, string? variant) =
            PlatformNames.Canonical(Lower(Architecture), string.IsNullOrEmpty(Variant) ? null : Lower(Variant));
        string os = Lower(Os) is "macos" ? "darwin" : Lower(Os);
        return architecture == Architecture && os == Os && variant == Variant
            ? this
            : this with { Architecture = architecture, Os = os, Variant = variant };
    }

    /// <summary>How well content of <paramref name="content"/> runs on this host: 0 is exact, more is worse, null is
    /// not at all.</summary>
    internal int? Rank(Platform content)
    {
        Platform wanted = content.Normalize();
        IReadOnlyList<Platform> runnable = PlatformNames.Runnable(Normalize());
        for (int i = 0; i < runnable.Count; i++)
        {
            Platform p = runnable[i];
            if (p.Os == wanted.Os && p.Architecture == wanted.Architecture && p.Variant == wanted.Variant)
            {
                return i;
            }
        }
        return null;
    }

    /// <summary>Such as <c>linux/amd64</c> or <c>linux/arm/v7</c>.</summary>
    public override string ToString() =>
        string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] != '.'
        && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static TareException Malformed(string text) => new(
        ErrorKind.InvalidArgument,
        $"{Quoted.Text(text)} is not a platform",
        "write os/arch or os/arch/variant, such as linux/arm64");

    private static string Lower(string name) => name.Any(char.IsAsciiLetterUpper) ? name.ToLowerInvariant() : name;
}
