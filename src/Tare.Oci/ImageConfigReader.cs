// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci;

/// <summary>Reads an image's config token by token.</summary>
/// <remarks>By hand, because every <c>run</c> reads one: the serializer's set-up for these types costs a process more
/// than a millisecond, this reading some 50 µs. What is written goes through the serializer; a round trip in the tests
/// holds the two together.</remarks>
internal static class ImageConfigReader
{
    /// <exception cref="JsonException">a member is there twice or of the wrong kind</exception>
    public static ImageConfig Read(ReadOnlySpan<byte> bytes)
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = OciJson.MaxDepth });
        _ = reader.Read();
        ImageConfig config = ReadImage(ref reader, bytes);
        return reader.Read() ? throw new JsonException("something follows its end") : config;
    }

    private static ImageConfig ReadImage(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        string? architecture = null, os = null, variant = null, osVersion = null;
        string? created = null, author = null, dockerVersion = null;
        IReadOnlyList<string>? osFeatures = null;
        RunConfig? config = null;
        RootFs? rootFs = null;
        IReadOnlyList<History>? history = null;
        Dictionary<string, JsonElement>? other = null;
        JsonMembers members = new(ref reader);
        while (members.Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "architecture": architecture = JsonValue.Text(ref reader); break;
                case "os": os = JsonValue.Text(ref reader); break;
                case "variant": variant = JsonValue.Text(ref reader); break;
                case "os.version": osVersion = JsonValue.Text(ref reader); break;
                case "os.features": osFeatures = JsonValue.Texts(ref reader); break;
                case "created": created = JsonValue.Text(ref reader); break;
                case "author": author = JsonValue.Text(ref reader); break;
                case "docker_version": dockerVersion = JsonValue.Text(ref reader); break;
                case "config": config = RunConfigReader.Read(ref reader, bytes); break;
                case "rootfs": rootFs = ReadRootFs(ref reader); break;
                case "history": history = JsonValue.List(ref reader, ReadHistory); break;
                default: (other ??= []).Add(name, JsonValue.Element(ref reader, bytes)); break;
            }
        }
        return new ImageConfig(
            architecture ?? throw new JsonException("architecture is null"),
            os ?? throw new JsonException("os is null"))
        {
            Variant = variant,
            OsVersion = osVersion,
            OsFeatures = osFeatures,
            Created = created,
            Author = author,
            DockerVersion = dockerVersion,
            Config = config,
            RootFs = rootFs,
            History = history,
            Other = other,
        };
    }

    private static RootFs? ReadRootFs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        string? type = null;
        IReadOnlyList<DiffId>? diffIds = null;
        JsonMembers members = new(ref reader);
        while (members.Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "type": type = JsonValue.Text(ref reader); break;
                case "diff_ids": diffIds = JsonValue.List(ref reader, ReadDiffId); break;
                default: reader.Skip(); break;
            }
        }
        return new RootFs { Type = type, DiffIds = diffIds };
    }

    private static DiffId ReadDiffId(ref Utf8JsonReader reader) => new(DigestJson.ReadText(ref reader));

    private static History ReadHistory(ref Utf8JsonReader reader)
    {
        string? created = null, createdBy = null, author = null, comment = null;
        bool isEmpty = false;
        JsonMembers members = new(ref reader);
        while (members.Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "created": created = JsonValue.Text(ref reader); break;
                case "created_by": createdBy = JsonValue.Text(ref reader); break;
                case "author": author = JsonValue.Text(ref reader); break;
                case "comment": comment = JsonValue.Text(ref reader); break;
                case "empty_layer": isEmpty = JsonValue.Boolean(ref reader); break;
                default: reader.Skip(); break;
            }
        }
        return new History
        {
            Created = created,
            CreatedBy = createdBy,
            Author = author,
            Comment = comment,
            EmptyLayer = isEmpty,
        };
    }
}
