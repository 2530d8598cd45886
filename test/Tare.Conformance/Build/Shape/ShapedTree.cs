// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;

namespace Tare.Conformance.Build.Shape;

/// <summary>The files of an image, layer upon layer.</summary>
internal sealed class ShapedTree
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";

    private readonly SortedDictionary<string, ShapedEntry> _entries = new(StringComparer.Ordinal);
    private int _inodes;

    /// <summary>By path, without a slash at its beginning or end.</summary>
    public IReadOnlyDictionary<string, ShapedEntry> Entries => _entries;

    /// <summary>Puts a layer on top.</summary>
    /// <param name="tar">not packed</param>
    public void Apply(Stream tar)
    {
        HashSet<string> own = new(StringComparer.Ordinal);
        using var reader = new TarReader(tar);
        while (reader.GetNextEntry() is { } entry)
        {
            string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..].Trim('/') : entry.Name.Trim('/');
            string name = path[(path.LastIndexOf('/') + 1)..], folder = path[..Math.Max(0, path.LastIndexOf('/'))];
            if (name == Opaque)
            {
                RemoveBelow(folder, own);
            }
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
            {
                string gone = (folder.Length > 0 ? folder + "/" : "") + name[Whiteout.Length..];
                RemoveBelow(gone, own);
                if (!own.Contains(gone))
                {
                    _entries.Remove(gone);
                }
            }
            else if (path.Length > 0 && entry.EntryType != TarEntryType.GlobalExtendedAttributes)
            {
                Add(path, entry);
                own.Add(path);
            }
        }
    }

    private void Add(string path, TarEntry entry)
    {
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _entries.TryAdd(path[..slash], ShapedEntry.Folder(++_inodes));
        }

        if (entry.EntryType == TarEntryType.HardLink)
        {
            _entries[path] = _entries[entry.LinkName.Trim('/')];
            return;
        }

        if (entry.EntryType != TarEntryType.Directory)
        {
            RemoveBelow(path, []);
        }

        _entries[path] = ShapedEntry.Of(entry, ++_inodes);
    }

    private void RemoveBelow(string folder, HashSet<string> kept)
    {
        string prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (string path in _entries.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && !kept.Contains(path)).ToList())
        {
            _entries.Remove(path);
        }
    }
}
