// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Commands;

/// <summary><c>--annotation</c>: <c>[LEVEL[,LEVEL]:]KEY=VALUE</c>, by the document that gets them.</summary>
/// <remarks>docs.docker.com/build/metadata/annotations#specify-annotation-level; the image has one platform, so none is chosen.</remarks>
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
    /// <param name="fields">of an output: <c>annotation[-LEVEL].KEY</c> with values</param>
    /// <exception cref="UsageException">one is malformed</exception>
    public static BuildAnnotations Of(IReadOnlyList<string> flags, IReadOnlyList<(string Key, string Value)> fields)
    {
        var all = new BuildAnnotations();
        foreach (string text in flags)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            bool hasLevels = colon > 0 && colon < (equals < 0 ? text.Length : equals)
                && text[..colon].Split(',').All(level => Levels.Contains(Bare(level), StringComparer.Ordinal));
            string rest = hasLevels ? text[(colon + 1)..] : text;
            equals = rest.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"invalid annotation \"{text}\", expected key=value", 1);
            }

            foreach (string level in hasLevels ? text[..colon].Split(',') : ["manifest"])
            {
                all._levels[Bare(level)][rest[..equals]] = rest[(equals + 1)..];
            }
        }

        foreach ((string key, string value) in fields)
        {
            int dot = key.IndexOf('.', StringComparison.Ordinal);
            string level = dot < 0 ? "" : key["annotation".Length..dot].TrimStart('-');
            if (dot < 0 || !Levels.Contains(level.Length == 0 ? "manifest" : level, StringComparer.Ordinal))
            {
                throw new UsageException($"invalid output: unexpected {key}", 1);
            }

            all._levels[level.Length == 0 ? "manifest" : level][key[(dot + 1)..]] = value;
        }

        return all;
    }

    /// <summary>Without <c>[os/arch]</c> behind it.</summary>
    private static string Bare(string level) => level.EndsWith(']') && level.IndexOf('[') is > 0 and var at ? level[..at] : level;
}
