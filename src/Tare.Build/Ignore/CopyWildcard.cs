// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Ignore;

/// <summary>A source of COPY or ADD with wildcards: a folder to walk, and what fits below it.</summary>
/// <remarks>BuildKit walks the folder in order of names and takes each path that fits as a whole; below a folder that
/// fits nothing else is looked at. Without wildcards a source that is not there is an error; with them nothing is copied, and
/// not even the destination made.</remarks>
internal sealed class CopyWildcard
{
    private readonly PathPattern? _pattern;

    /// <param name="source">slash-separated, below the root</param>
    /// <exception cref="FormatException">a class is malformed</exception>
    public CopyWildcard(string source)
    {
        string[] parts = PathText.Rooted(source)[1..].Split('/');
        int first = Array.FindIndex(parts, PathText.HasWildcards);
        Folder = "/" + string.Join('/', first < 0 ? parts : parts[..first]);
        _pattern = first < 0 ? null : PathPattern.Shallow(string.Join('/', parts[first..]));
    }

    /// <summary>The part in front of the first wildcard: the source itself when there is none.</summary>
    public string Folder { get; }

    /// <summary>False when <see cref="Folder"/> is the source.</summary>
    public bool HasWildcards => _pattern is not null;

    /// <summary>True when a path below <see cref="Folder"/>, relative to it, is meant.</summary>
    public bool Matches(string path) => _pattern is not null && _pattern.Matches(path);
}
