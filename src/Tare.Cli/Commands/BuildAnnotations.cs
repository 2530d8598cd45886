// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Images;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>--annotation</c>: <c>[LEVEL[,LEVEL]:]KEY=VALUE</c>, by the document that gets them.</summary>
/// <remarks>docs.docker.com/build/metadata/annotations#specify-annotation-level; a level may name a platform: <c>manifest[linux/amd64]</c>.</remarks>
internal sealed class BuildAnnotations
{
    private static readonly string[] Levels = ["manifest", "index", "manifest-descriptor", "index-descriptor"];

    private readonly Dictionary<string, Dictionary<string, string>> _levels = Levels.ToDictionary(
        static level => level, static _ => new Dictionary<string, string>(StringComparer.Ordinal));

    public IReadOnlyDictionary<string, string> Manifest => _levels["manifest"];

    /// <summary>Those of the manifest and some more, which hold where both say something.</summary>
    public IReadOnlyDictionary<string, string> ManifestWith(IReadOnlyDictionary<string, string> more) =>
        more.Concat(Manifest).DistinctBy(static pair => pair.Key).ToDictionary(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Index => _levels["index"];

    /// <summary>Of the image's entry in the index.</summary>
    public IReadOnlyDictionary<string, string> Entry => _levels["manifest-descriptor"];

    /// <param name="flags">as the user wrote them</param>
    /// <param name="platform">of the image: what is for other platforms is left out</param>
    /// <param name="fields">of an output: <c>annotation[-LEVEL].KEY</c> with values</param>
    /// <exception cref="UsageException">one is malformed</exception>
    public static BuildAnnotations Of(IReadOnlyList<string> flags, Platform platform, IReadOnlyList<(string Key, string Value)> fields)
    {
        var all = new BuildAnnotations();
        foreach (string text in flags)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            bool hasLevels = colon > 0 && colon < (equals < 0 ? text.Length : equals)
                && text[..colon].Split(',').All(level => Levels.Contains(Bare(level, text).Level, StringComparer.Ordinal));
            string rest = hasLevels ? text[(colon + 1)..] : text;
            equals = rest.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"invalid annotation \"{text}\", expected key=value", 1);
            }

            foreach (string level in hasLevels ? text[..colon].Split(',') : ["manifest"])
            {
                all.Add(Bare(level, text), platform, rest[..equals], rest[(equals + 1)..]);
            }
        }

        foreach ((string key, string value) in fields)
        {
            int dot = key.IndexOf('.', StringComparison.Ordinal);
            string written = dot < 0 ? "" : key["annotation".Length..dot];
            (string Level, Platform? Platform) level = Bare(written.StartsWith('-') ? written[1..] : "manifest" + written, key);
            if (dot < 0 || !Levels.Contains(level.Level, StringComparer.Ordinal))
            {
                throw new UsageException($"invalid output: unexpected {key}", 1);
            }

            all.Add(level, platform, key[(dot + 1)..], value);
        }

        return all;
    }

    private void Add((string Level, Platform? Platform) level, Platform platform, string key, string value)
    {
        if (level.Platform is null || level.Platform == platform)
        {
            _levels[level.Level][key] = value;
        }
    }

    /// <summary><c>manifest[os/arch]</c> → the level and the platform.</summary>
    private static (string Level, Platform? Platform) Bare(string level, string text)
    {
        if (!level.EndsWith(']') || level.IndexOf('[', StringComparison.Ordinal) is not (> 0 and var at))
        {
            return (level, null);
        }

        try
        {
            return (level[..at], Platform.Parse(level[(at + 1)..^1], Hardware.Host));
        }
        catch (TareException malformed)
        {
            throw new UsageException($"invalid annotation \"{text}\": {malformed.Message}", 1);
        }
    }
}
