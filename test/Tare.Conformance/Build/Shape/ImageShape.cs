// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Build.Shape;

/// <summary>What counts of an image, as text: its configuration, its history, its files beyond those of the image that it starts
/// from. Times and names of layers do not count, nor whether WORKDIR made one; neither does the program that all files of the base are names of.</summary>
internal static class ImageShape
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="archive">what <c>save</c> wrote</param>
    /// <param name="baseArchive">the same of the image that this one may start from</param>
    public static string Of(string archive, string baseArchive)
    {
        Dictionary<string, byte[]> files = Read(archive), baseFiles = Read(baseArchive);
        JsonNode config = Config(files);
        JsonNode baseConfig = Config(baseFiles);
        var text = new StringBuilder();
        text.Append(Shown(config).ToJsonString(Readable)).Append('\n');
        Tree(text, TreeOf(files), TreeOf(baseFiles), StartsFrom(config, baseConfig));
        return text.ToString();
    }

    private static Dictionary<string, byte[]> Read(string archive)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                links[entry.Name] = entry.LinkName;
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                using var bytes = new MemoryStream();
                entry.DataStream?.CopyTo(bytes);
                files[entry.Name] = bytes.ToArray();
            }
        }

        foreach ((string name, string target) in links)
        {
            files[name] = files[target];
        }

        return files;
    }

    private static JsonNode Manifest(Dictionary<string, byte[]> files) => JsonNode.Parse(files["manifest.json"])![0]!;

    private static JsonNode Config(Dictionary<string, byte[]> files) => JsonNode.Parse(files[(string)Manifest(files)["Config"]!])!;

    private static ShapedTree TreeOf(Dictionary<string, byte[]> files)
    {
        var tree = new ShapedTree();
        foreach (JsonNode? layer in Manifest(files)["Layers"]!.AsArray())
        {
            byte[] bytes = files[(string)layer!];
            using Stream stored = new MemoryStream(bytes);
            using Stream tar = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
            using var whole = new MemoryStream();
            tar.CopyTo(whole);
            whole.Position = 0;
            tree.Apply(whole);
        }

        return tree;
    }

    private static bool StartsFrom(JsonNode config, JsonNode baseConfig) =>
        (string?)config["rootfs"]!["diff_ids"]?.AsArray().FirstOrDefault() == (string?)baseConfig["rootfs"]!["diff_ids"]![0];

    /// <summary>Members that say something, in order of names; history as it is but for times.</summary>
    private static JsonObject Shown(JsonNode config)
    {
        var shown = new JsonObject();
        foreach ((string name, JsonNode? value) in config.AsObject().OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (name is "created" or "rootfs" or "history" or "container" or "container_config" or "docker_version" or "id")
            {
                continue;
            }

            if (Stripped(value) is { } kept)
            {
                shown[name] = kept;
            }
        }

        var history = new JsonArray();
        foreach (JsonNode? entry in (config["history"]?.AsArray() ?? []).Skip(1))
        {
            JsonObject one = entry!.AsObject();
            one.Remove("created");
            if (((string?)one["created_by"])?.StartsWith("WORKDIR ", StringComparison.Ordinal) == true)
            {
                // of a folder that is there docker makes an empty layer (docs/differences.md)
                one.Remove("empty_layer");
            }

            history.Add(Stripped(one));
        }

        shown["history"] = history;
        return shown;
    }

    private static JsonNode? Stripped(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                var kept = new JsonObject();
                foreach ((string name, JsonNode? member) in members.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
                {
                    if (member is JsonObject { Count: 0 })
                    {
                        kept[name] = new JsonObject();
                    }
                    else if (Stripped(member) is { } one)
                    {
                        kept[name] = one;
                    }
                }

                return kept.Count > 0 ? kept : null;
            case JsonArray { Count: 0 } or null:
                return null;
            case JsonValue scalar when scalar.TryGetValue(out string? text):
                return text.Length > 0 ? text : null;
            case JsonValue scalar when scalar.TryGetValue(out bool flag):
                return flag ? scalar.DeepClone() : null;
            default:
                return value.DeepClone();
        }
    }

    private static void Tree(StringBuilder text, ShapedTree tree, ShapedTree ground, bool startsFrom)
    {
        string program = ground.Entries["bin/busybox"].Content;
        Dictionary<int, string> first = [];
        foreach ((string path, ShapedEntry entry) in tree.Entries)
        {
            if (startsFrom && ground.Entries.TryGetValue(path, out ShapedEntry? was) && was.IsSameAs(entry))
            {
                continue;
            }

            string content = entry.Content == program ? "busybox" : entry.Content;
            if (!first.TryAdd(entry.Inode, path))
            {
                content = "same as " + first[entry.Inode];
            }

            text.Append(string.Create(CultureInfo.InvariantCulture, $"{entry.Kind}{Convert.ToString(entry.Mode, 8).PadLeft(4, '0')} {entry.Owner} /{path} {content} {entry.Attributes}").TrimEnd()).Append('\n');
        }

        foreach (string path in startsFrom ? ground.Entries.Keys.Except(tree.Entries.Keys) : [])
        {
            text.Append($"gone /{path}\n");
        }
    }
}
