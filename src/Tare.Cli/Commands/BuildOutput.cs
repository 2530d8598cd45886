// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Dockerfile;
using Tare.Cli.Arguments;
using Tare.Images.Building;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Where the result of a build goes.</summary>
/// <param name="Kind">image, local, tar, oci, docker, cacheonly</param>
/// <param name="Place">a path, <c>-</c> for standard output; empty with images</param>
internal sealed record BuildOutput(string Kind, string Place)
{
    /// <summary>Names that the result gets beside those of <c>-t</c>.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    public bool Pushes { get; private init; }

    /// <summary>An archive is a folder instead.</summary>
    public bool IsFolder { get; private init; }

    /// <summary>docker's media types.</summary>
    public bool IsDocker { get; private init; }

    /// <summary>Of layers; archives of docker's own form are never packed.</summary>
    public LayerCompression Compression { get; private init; } = LayerCompression.Default;

    /// <summary><c>annotation[-LEVEL].KEY</c> with values.</summary>
    public IReadOnlyList<(string Key, string Value)> Annotations { get; private init; } = [];

    /// <summary>Something with a manifest comes of it.</summary>
    public bool IsImage => Kind is "image" or "oci" or "docker";

    /// <summary>What the command line says; an image in the store when it says nothing.</summary>
    /// <exception cref="UsageException">an output is malformed</exception>
    public static IReadOnlyList<BuildOutput> Of(ParsedArguments arguments)
    {
        List<BuildOutput> outputs = [.. arguments.Get(BuildFlags.Output).Select(Parse)];
        if (arguments.Get(BuildFlags.Push))
        {
            int at = outputs.FindIndex(static one => one.Kind == "image");
            if (at >= 0)
            {
                outputs[at] = outputs[at] with { Pushes = true };
            }
            else
            {
                outputs.Add(new BuildOutput("image", "") { Pushes = true });
            }
        }

        if (outputs.Count == 0 || (arguments.Get(BuildFlags.Load) && !outputs.Exists(static one => one.Kind == "image")))
        {
            outputs.Add(new BuildOutput("image", ""));
        }

        return outputs;
    }

    /// <summary>One value of <c>--output</c>.</summary>
    /// <exception cref="UsageException">it is malformed</exception>
    public static BuildOutput Parse(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            return text == "-" ? new BuildOutput("tar", "-") : new BuildOutput("local", text);
        }

        var output = new BuildOutput("", "");
        foreach (string field in CsvFields.Read(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            output = equals < 0 ? throw Wrong(text, field) : output.With(text, KeyOf(field[..equals]), field[(equals + 1)..]);
        }

        if (output.Compression is { Level: { } level } packed && level > packed.MaxLevel)
        {
            throw new UsageException($"invalid output {text}: compression-level of {packed.Format.ToString().ToLowerInvariant()} is 0 to {packed.MaxLevel}", 1);
        }

        bool wantsPlace = output.Kind is "local" or "tar" or "oci" or "docker" && output.Place.Length == 0;
        return output.Kind.Length == 0 || wantsPlace
            ? throw new UsageException($"invalid output {text}: {(wantsPlace ? "dest" : "type")} is required", 1)
            : output;
    }

    /// <summary>Keys are told apart without case, but for those of annotations.</summary>
    private static string KeyOf(string key) => key.StartsWith("annotation", StringComparison.Ordinal) ? key : key.ToLowerInvariant();

    private BuildOutput With(string text, string key, string value) => key switch
    {
        "type" => value switch
        {
            "local" or "tar" or "oci" or "docker" or "cacheonly" or "image" => this with { Kind = value },
            "registry" => this with { Kind = "image", Pushes = true },
            _ => throw new UsageException($"invalid output {text}: no such type {value}", 1),
        },
        "dest" => this with { Place = value },
        "name" => this with { Names = value.Split(',') },
        "push" => this with { Pushes = Truth(text, key, value) },
        "tar" => this with { IsFolder = !Truth(text, key, value) },
        "oci-mediatypes" => this with { IsDocker = !Truth(text, key, value) },
        _ when key.StartsWith("annotation", StringComparison.Ordinal) => this with { Annotations = [.. Annotations, (key, value)] },

        // what they ask for is done anyway
        "rewrite-timestamp" or "unpack" or "store" or "name-canonical" when Truth(text, key, value) => this,
        "compression" => this with { Compression = Compression with { Format = Format(text, value) } },
        "compression-level" => this with { Compression = Compression with { Level = Level(text, value) } },
        "force-compression" => this with { Compression = Compression with { IsForced = Truth(text, key, value) } },
        _ => throw Wrong(text, key),
    };

    private static CompressionFormat Format(string text, string value) => value switch
    {
        "gzip" => CompressionFormat.Gzip,
        "zstd" => CompressionFormat.Zstd,
        "uncompressed" => CompressionFormat.None,
        "estargz" => throw new TareException(
            ErrorKind.NotSupported, $"invalid output {text}: estargz is not made", "compression may be gzip, zstd or uncompressed"),
        _ => throw new UsageException($"invalid output {text}: compression may be gzip, zstd or uncompressed, not {value}", 1),
    };

    private static int Level(string text, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int level)
            ? level
            : throw new UsageException($"invalid output {text}: compression-level is a number, not {value}", 1);

    private static bool Truth(string text, string key, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new UsageException($"invalid output {text}: {key} may be true or false", 1),
    };

    private static UsageException Wrong(string text, string field) => new($"invalid output {text}: unexpected {field}", 1);
}
