// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Removal of whole trees whose content nobody may be trusted about.</summary>
internal static class FileTree
{
    /// <summary>Directories held open at once; what is nested deeper is first moved up to the top of the tree.</summary>
    private const int MaxOpen = 100;

    /// <summary>Names of directories remembered per level, so that each is not found by reading from the start again.</summary>
    private const int MaxNoted = 1000;

    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
    private const uint OwnerOnly = 0b111_000_000;

    /// <summary>Removes a name and, if it is a directory, everything below it; false when there was no such name.</summary>
    /// <remarks>
    /// Symbolic links are removed, never followed. A mount point inside is EBUSY before anything in it is touched.
    /// Any depth, any modes. Entries that vanish meanwhile are no error; the first other failure is thrown and leaves
    /// the rest of the tree in place.
    /// </remarks>
    public static bool Remove(Fd parent, ReadOnlySpan<byte> name)
    {
        if (parent.TryStatus(name) is not { } status)
        {
            return false;
        }

        if (!status.IsDirectory)
        {
            return parent.TryUnlink(name);
        }

        using (Fd? top = TryEnter(parent, name))
        {
            if (top is not null)
            {
                Empty(top);
            }
        }

        return parent.TryRemoveDirectory(name);
    }

    /// <summary>Removes everything in a directory (open for reading), but not the directory.</summary>
    public static void Empty(Fd top)
    {
        Stack<Level> path = new();
        try
        {
            path.Push(new Level(top, []));
            while (path.TryPeek(out Level? level))
            {
                if (level.Below.Count == 0)
                {
                    RemoveFiles(level);
                }

                if (level.Below.TryPop(out byte[]? below))
                {
                    Descend(path, top, below);
                    continue;
                }

                path.Pop();
                if (path.TryPeek(out Level? parent))
                {
                    level.Directory.Dispose();
                    RemoveEmptied(parent.Directory, level.Name);
                }
            }
        }
        finally
        {
            while (path.TryPop(out Level? level) && path.Count > 0)
            {
                level.Directory.Dispose();
            }
        }
    }

    private static void Descend(Stack<Level> path, Fd top, byte[] name)
    {
        Fd current = path.Peek().Directory;
        if (path.Count == MaxOpen)
        {
            current.Rename(name, top, AtomicFile.TemporaryName(), RenameFlags.NoReplace);
        }
        else if (TryEnter(current, name) is { } child)
        {
            path.Push(new Level(child, name));
        }
    }

    /// <summary>Unlinks what is no directory, and notes the directories, at most <see cref="MaxNoted"/> of them.</summary>
    private static void RemoveFiles(Level level)
    {
        foreach (Entry entry in level.Directory.Entries())
        {
            FileKind kind = entry.Kind != FileKind.Unknown
                ? entry.Kind
                : level.Directory.TryStatus(entry.Name)?.Kind ?? FileKind.Regular;
            if (kind != FileKind.Directory)
            {
                level.Directory.TryUnlink(entry.Name);
            }
            else
            {
                level.Below.Push(entry.Name.ToArray());
                if (level.Below.Count == MaxNoted)
                {
                    return;
                }
            }
        }
    }

    private static void RemoveEmptied(Fd parent, byte[] name)
    {
        try
        {
            parent.TryRemoveDirectory(name);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTEMPTY)
        {
            // somebody wrote into it after we had read it; the next look at the parent finds it again
        }
    }

    /// <summary>Opens a directory for emptying; null when it is gone.</summary>
    private static Fd? TryEnter(Fd parent, ReadOnlySpan<byte> name)
    {
        using Root here = Root.From(parent.Duplicate());
        try
        {
            return Enter(here, name);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            // not root, and a mode without rx: the owner may give himself the right
            parent.SetMode(name, OwnerOnly);
            return Enter(here, name);
        }
    }

    private static Fd? Enter(Root here, ReadOnlySpan<byte> name)
    {
        const ResolveMode Here = ResolveMode.Beneath | ResolveMode.NoMounts | ResolveMode.NoSymlinks;
        try
        {
            return here.TryResolve(name, DirectoryFlags, Here);
        }
        catch (LinuxException e) when (e.Errno == Errno.EXDEV)
        {
            throw new LinuxException(Errno.EBUSY, "remove mount point", e.Subject);
        }
    }

    /// <summary>An open directory on the way down, its name in the level above, and what is known to be below it.</summary>
    private sealed record Level(Fd Directory, byte[] Name)
    {
        public Stack<byte[]> Below { get; } = new();
    }
}
