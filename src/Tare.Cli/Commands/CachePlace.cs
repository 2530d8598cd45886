// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Cli.Arguments;
using Tare.Images.Places;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Where a build's cache is exported to, or imported from.</summary>
/// <param name="Text">as the user has it</param>
/// <param name="Kind">inline, registry, local</param>
internal sealed record CachePlace(string Text, string Kind)
{
    private const string DefaultTag = "latest";

    /// <summary>The name of a registry's, the folder of a local one; empty for an inline one.</summary>
    public string Where { get; private init; } = "";

    /// <summary>The label inside a folder.</summary>
    public string Tag { get; private init; } = DefaultTag;

    /// <summary>All steps, not only those of the result.</summary>
    public bool IsMax { get; private init; }

    /// <summary>Cache mounts, too.</summary>
    public bool WithMounts { get; private init; }

    /// <summary>An export that fails does not fail the build.</summary>
    public bool IgnoresError { get; private init; }

    /// <summary>For progress.</summary>
    public string Name => Kind == "local" ? $"{Where}:{Tag}" : Where;

    public Place Place => Kind == "registry" ? new Place(PlaceKind.Registry, "", Where) : new Place(PlaceKind.Layout, Path.GetFullPath(Where), Tag);

    /// <exception cref="UsageException">malformed</exception>
    public static CachePlace ParseSource(string text) => Parse(text, isSource: true);

    /// <inheritdoc cref="ParseSource"/>
    public static CachePlace ParseTarget(string text) => Parse(text, isSource: false);

    private static CachePlace Parse(string text, bool isSource)
    {
        string flag = isSource ? "--cache-from" : "--cache-to";
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            // buildx's short form
            return text == "inline" ? new CachePlace(text, text).Checked(flag, isSource)
                : new CachePlace(text, "registry") { Where = text }.Checked(flag, isSource);
        }

        var place = new CachePlace(text, "registry");
        foreach (string field in CsvFields.Read(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            place = equals < 0
                ? throw new UsageException($"invalid {flag} {text}: {field} is no key=value", 1)
                : place.With(flag, isSource, field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
        }

        return place.Checked(flag, isSource);
    }

    private CachePlace With(string flag, bool isSource, string key, string value) => key switch
    {
        "type" => value is "inline" or "registry" or "local" ? this with { Kind = value }
            : throw Wrong(flag, value is "gha" or "s3" or "azblob" ? $"type {value} is not supported: use registry or local" : $"no such type {value}"),
        "ref" when Kind == "registry" => this with { Where = value },
        "src" when isSource && Kind == "local" => this with { Where = value },
        "dest" when !isSource && Kind == "local" => this with { Where = value },
        "tag" when Kind == "local" => this with { Tag = value },
        "digest" when isSource && Kind == "local" => this with { Tag = value },
        "mounts" => this with { WithMounts = Truth(flag, key, value) },
        "mode" when !isSource => value is "min" or "max" ? this with { IsMax = value == "max" } : throw Wrong(flag, $"no such mode {value}"),
        "ignore-error" when !isSource => this with { IgnoresError = Truth(flag, key, value) },

        // ours is always an OCI artifact, packed as the store has it
        "oci-mediatypes" or "image-manifest" when !isSource => Truth(flag, key, value) ? this : throw Wrong(flag, $"{key}=false is not supported"),
        "compression" when !isSource => value == "gzip" ? this : throw Wrong(flag, $"compression {value} is not supported: layers are packed with gzip"),
        _ => throw Wrong(flag, $"unexpected {key}"),
    };

    private CachePlace Checked(string flag, bool isSource)
    {
        if (Kind == "inline")
        {
            return isSource ? throw Wrong(flag, "name the image instead: type=registry,ref=NAME")
                : IsMax || WithMounts ? throw Wrong(flag, "an image carries mode=min without mounts; use type=registry or type=local")
                : this;
        }

        if (Where.Length == 0)
        {
            throw Wrong(flag, Kind == "registry" ? "ref is required" : isSource ? "src is required" : "dest is required");
        }

        if (Kind == "registry" && !Reference.TryParse(Where, out _))
        {
            throw Wrong(flag, $"{Where} is not the name of an image");
        }

        return WithMounts && !isSource && !IsMax ? throw Wrong(flag, "mounts=true wants mode=max") : this;
    }

    private bool Truth(string flag, string key, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Wrong(flag, $"{key} is true or false, not {value}"),
    };

    private UsageException Wrong(string flag, string what) => new($"invalid {flag} {Text}: {what}", 1);
}
