// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Graph;
using Tare.Build.Ignore;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>What the sources of COPY, ADD and bind mounts mean in a tree, shown to a visitor.</summary>
/// <remarks>Folders are shown when something in them is, or when they are taken themselves. Sockets are passed over.</remarks>
internal sealed class Selection
{
    private const int MaxNames = 1 << 20;
    private const int MaxDepth = 1000;
    private const OpenFlags Look = OpenFlags.Path | OpenFlags.NoFollow;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;

    private readonly InputTree _tree;
    private readonly PatternList _excluded;
    private readonly ISelectionVisitor _visitor;
    private readonly CancellationToken _ct;

    /// <summary>Folders on the way to the current entry, the first <see cref="_entered"/> of which the visitor knows.</summary>
    private readonly List<SelectedEntry> _way = [];
    private int _entered;

    public Selection(InputTree tree, IReadOnlyList<string> excludes, ISelectionVisitor visitor, CancellationToken ct)
    {
        _tree = tree;
        _excluded = new PatternList(excludes);
        _visitor = visitor;
        _ct = ct;
    }

    /// <summary>Shows what one item of COPY or ADD takes.</summary>
    /// <exception cref="TareException">NotFound: a source without wildcards is not there</exception>
    public void Visit(TransferItem item)
    {
        CopyWildcard wildcard = new(item.Source);
        if (!item.IsPattern || !wildcard.HasWildcards)
        {
            Source(item, item.IsPattern ? wildcard.Folder : item.Source);
            return;
        }

        using Fd? folder = _tree.Root.TryResolve(Bytes(wildcard.Folder), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (folder is not null)
        {
            foreach (string found in Matches(folder, "", wildcard, 0))
            {
                Source(item, wildcard.Folder.TrimEnd('/') + "/" + found);
            }
        }
    }

    private IEnumerable<string> Matches(Fd folder, string prefix, CopyWildcard wildcard, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{prefix}: folders are more than {MaxDepth} deep");
        }

        foreach (byte[] name in folder.SortedNames(MaxNames))
        {
            string path = prefix + Encoding.UTF8.GetString(name);
            if (wildcard.Matches(path))
            {
                if (!IsIgnored(wildcard.Folder.TrimEnd('/') + "/" + path))
                {
                    yield return path;
                }
            }
            else if (folder.Status(name).IsDirectory)
            {
                using Fd below = folder.Open(name, Folder);
                foreach (string found in Matches(below, path + "/", wildcard, depth + 1))
                {
                    yield return found;
                }
            }
        }
    }

    private void Source(TransferItem item, string path)
    {
        using Fd? handle = IsIgnored(path) ? null : _tree.Root.TryResolve(Bytes(path), OpenFlags.Path);
        string wanted = item.Required ?? path;
        if (handle is null || (item.Required is not null && (IsIgnored(wanted) || !Exists(wanted))))
        {
            throw new TareException(ErrorKind.NotFound, $"{Quoted.Text(wanted)}: not found", Hint());
        }

        FileStatus status = handle.Status();
        byte[] name = Bytes(path[(path.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/'));
        _visitor.BeginSource(name, status.IsDirectory);
        if (status.IsDirectory)
        {
            PatternList? only = item.Below is null ? null : new PatternList([item.Below]);
            bool isAll = item.Below is null or "";
            Walk(
                new SelectedEntry("", name, handle, status), path.Trim('/'),
                new Fits(FitsOf(path), [], []), isAll ? null : only, isTaken: isAll);
        }
        else if (status.Kind != FileKind.Socket && !_excluded.Matches(Encoding.UTF8.GetString(name)))
        {
            _visitor.File(new SelectedEntry(Encoding.UTF8.GetString(name), name, handle, status));
        }
    }

    private string? Hint() => _tree.Ignored is { Patterns.Count: > 0 } ? "an ignore file is in use: it may leave this path out" : null;

    private bool Exists(string path)
    {
        using Fd? there = _tree.Root.TryResolve(Bytes(path), Look);
        return there is not null;
    }

    private void Walk(in SelectedEntry folder, string place, Fits fits, PatternList? only, bool isTaken)
    {
        if (_way.Count > MaxDepth)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{place}: folders are more than {MaxDepth} deep");
        }

        using Fd names = folder.Handle.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        _way.Add(folder);
        if (isTaken)
        {
            EnterAll();
        }

        foreach (byte[] name in names.SortedNames(MaxNames))
        {
            _ct.ThrowIfCancellationRequested();
            Child(names, name, folder.Path, place, fits, only);
        }

        _way.RemoveAt(_way.Count - 1);
        if (_entered > _way.Count)
        {
            _entered--;
            _visitor.LeaveFolder();
        }
    }

    private void Child(Fd parent, byte[] name, string path, string place, Fits above, PatternList? only)
    {
        string text = Encoding.UTF8.GetString(name);
        string below = path.Length == 0 ? text : $"{path}/{text}";
        string full = place.Length == 0 ? text : $"{place}/{text}";
        (bool ignored, bool[] ignoredFits) = _tree.Ignored is { Patterns.Count: > 0 } list ? list.Walk(full, above.Ignored) : (false, []);
        (bool excluded, bool[] excludedFits) = _excluded.Patterns.Count > 0 ? _excluded.Walk(below, above.Excluded) : (false, []);
        (bool included, bool[] onlyFits) = only is not null ? only.Walk(below, above.Only) : (true, []);
        bool isLeftOut = ignored || excluded;
        bool mayHoldMore = (!ignored || _tree.Ignored!.HasExceptions) && (!excluded || _excluded.HasExceptions);
        FileStatus status = parent.Status(name);
        if (status.Kind == FileKind.Socket || (isLeftOut && !(status.IsDirectory && mayHoldMore))
            || (!included && !status.IsDirectory))
        {
            return;
        }

        if (status.IsRegular && !isLeftOut)
        {
            EnterAll();
            if (_visitor.Knows(name, status))
            {
                return;
            }
        }

        using Fd handle = parent.Open(name, Look);
        SelectedEntry entry = new(below, name, handle, handle.Status());
        if (entry.Status.IsDirectory)
        {
            Walk(entry, full, new Fits(ignoredFits, excludedFits, onlyFits), only, isTaken: included && !isLeftOut);
        }
        else if (!isLeftOut && included)
        {
            EnterAll();
            _visitor.File(entry);
        }
    }

    private void EnterAll()
    {
        for (; _entered < _way.Count; _entered++)
        {
            _visitor.EnterFolder(_way[_entered]);
        }
    }

    private bool IsIgnored(string path)
    {
        string inside = path.Trim('/');
        return inside.Length > 0 && _tree.Ignored is { HasExceptions: false } && IgnoredAt(inside).IsMatched;
    }

    private bool[] FitsOf(string path) => path.Trim('/') is { Length: > 0 } inside && _tree.Ignored is not null ? IgnoredAt(inside).Fits : [];

    private (bool IsMatched, bool[] Fits) IgnoredAt(string path)
    {
        (bool IsMatched, bool[] Fits) at = (false, []);
        for (int end = path.IndexOf('/'); ; end = path.IndexOf('/', end + 1))
        {
            at = _tree.Ignored!.Walk(end < 0 ? path : path[..end], at.Fits);
            if (end < 0)
            {
                return at;
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Which patterns fitted a folder, of each list.</summary>
    private readonly record struct Fits(bool[] Ignored, bool[] Excluded, bool[] Only);
}
