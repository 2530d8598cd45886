// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Ignore;

/// <summary>One line of .dockerignore, or one value of <c>--exclude</c>.</summary>
internal sealed class IgnorePattern
{
    private readonly PathPattern _pattern;
    private readonly string? _suffix;

    /// <exception cref="FormatException">it is malformed</exception>
    public IgnorePattern(string text, bool isException)
    {
        Text = text;
        IsException = isException;

        // what Go's Match refuses is refused, though it is not the one that matches
        _ = PathPattern.Shallow(text);
        _pattern = PathPattern.WithDepth(text);
        _suffix = SuffixOf(text);
    }

    /// <summary>Cleaned, without '!'.</summary>
    public string Text { get; }

    /// <summary>True for <c>!pattern</c>: takes back what earlier ones matched.</summary>
    public bool IsException { get; }

    /// <summary>True when the pattern fits this path itself; parents are the list's business.</summary>
    public bool Matches(string path) => _suffix is null ? _pattern.Matches(path)
        : path.EndsWith(_suffix, StringComparison.Ordinal)
            || (_suffix.StartsWith('/') && path.AsSpan().SequenceEqual(_suffix.AsSpan(1)));

    /// <summary>True when the pattern fits this path or a folder that it is in.</summary>
    public bool MatchesPathOrParent(string path)
    {
        if (_suffix is null)
        {
            return _pattern.MatchesPathOrParent(path);
        }

        int end = path.Length;
        while (end > 0 && !Matches(path[..end]))
        {
            end = path.LastIndexOf('/', end - 1);
        }

        return end > 0;
    }

    /// <summary>What follows a leading <c>**</c> when nothing in it is special: such patterns compare ends, so
    /// <c>**file</c> fits <c>a/xfile</c> too.</summary>
    /// <remarks>moby/patternmatcher: the only pattern whose meaning is not that of its parts.</remarks>
    private static string? SuffixOf(string text) =>
        text.StartsWith("**", StringComparison.Ordinal) && text.AsSpan(2).IndexOfAny("*?[]\\") < 0 ? text[2..] : null;
}
