// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Ignore;

/// <summary>Patterns in order, the last that fits decides; what fits a folder fits all below it.</summary>
/// <remarks>moby/patternmatcher, MatchesOrParentMatches.</remarks>
internal sealed class PatternList
{
    /// <summary>Patterns of one list.</summary>
    public const int MaxPatterns = 10_000;

    private readonly List<IgnorePattern> _patterns = [];

    /// <param name="patterns">as written; white space around them and empty ones do not count</param>
    /// <exception cref="TareException">InvalidArgument for a malformed one, ResourceExhausted for too many</exception>
    public PatternList(IEnumerable<string> patterns)
    {
        foreach (string written in patterns)
        {
            string trimmed = written.Trim();
            if (trimmed.Length == 0)
            {
                continue;
            }

            _patterns.Add(Read(trimmed));
            if (_patterns.Count > MaxPatterns)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"more than {MaxPatterns} patterns");
            }
        }
    }

    public IReadOnlyList<IgnorePattern> Patterns => _patterns;

    /// <summary>True when one begins with '!': then an ignored folder may have files that are not.</summary>
    public bool HasExceptions => _patterns.Exists(static pattern => pattern.IsException);

    /// <summary>True when the list matches the path, slash-separated and relative to the root; the root itself never
    /// matches.</summary>
    /// <remarks>For one path without its folders. What of a tree is taken is decided by <see cref="Walk"/>, as docker does:
    /// there <c>!folder</c> behind a pattern for its content takes nothing back, for the folder itself was never
    /// matched.</remarks>
    public bool Matches(string path)
    {
        path = PathText.Clean(path);
        if (path == ".")
        {
            return false;
        }

        bool isMatched = false;
        foreach (IgnorePattern pattern in _patterns)
        {
            if (pattern.IsException == isMatched && pattern.MatchesPathOrParent(path))
            {
                isMatched = !pattern.IsException;
            }
        }

        return isMatched;
    }

    /// <summary>For a walk from the root: whether the entry matches, and what its children need to know.</summary>
    /// <param name="path">slash-separated, relative to the root</param>
    /// <param name="parent">what the folder above gave; empty at the root</param>
    public (bool IsMatched, bool[] Fits) Walk(string path, bool[] parent)
    {
        bool isMatched = false;
        bool[] fits = new bool[_patterns.Count];
        for (int i = 0; i < _patterns.Count; i++)
        {
            IgnorePattern pattern = _patterns[i];
            fits[i] = (parent.Length > 0 && parent[i])
                || (pattern.IsException == isMatched && pattern.Matches(path));
            isMatched = fits[i] ? !pattern.IsException : isMatched;
        }

        return (isMatched, fits);
    }

    private static IgnorePattern Read(string text)
    {
        string cleaned = PathText.Clean(text);
        bool isException = cleaned.StartsWith('!');
        try
        {
            return cleaned == "!"
                ? throw new FormatException("it is only a '!'")
                : new IgnorePattern(isException ? cleaned[1..] : cleaned, isException);
        }
        catch (FormatException malformed)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"pattern {Quoted.Text(text)}: {malformed.Message}");
        }
    }
}
