// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Counts the bytes that files take on disk, as du(1) does: blocks, and each inode once.</summary>
/// <remarks>
/// Follows no symbolic link and enters no other mount. What vanishes while it is being counted is not counted. Trees of
/// any depth and width: directories wait as paths relative to an open one that is at most some thousand bytes above.
/// One object counts an inode with several names once, over all its calls.
/// </remarks>
internal sealed class DiskUse
{
    private const int BytesPerBlock = 512;

    /// <summary>Longer paths get an open directory of their own to start from.</summary>
    private const int MaxRelativeBytes = 2048;

    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
    private const ResolveMode Beneath = ResolveMode.Beneath | ResolveMode.NoMounts | ResolveMode.NoSymlinks;

    private readonly HashSet<(DeviceNumber Device, ulong Inode)> _linked = [];

    /// <summary>A name and, if it is a directory, everything below it; 0 when it is not there.</summary>
    public long Count(Fd parent, ReadOnlySpan<byte> name)
    {
        if (parent.TryStatus(name) is not { } status)
        {
            return 0;
        }

        long bytes = Bytes(status);
        if (!status.IsDirectory)
        {
            return bytes;
        }

        Stack<(Anchor From, byte[] Path)> waiting = new();
        waiting.Push((new Anchor(parent), name.ToArray()));
        try
        {
            while (waiting.TryPop(out (Anchor From, byte[] Path) next))
            {
                bytes += CountDirectory(next.From, next.Path, waiting);
                next.From.Release();
            }
        }
        finally
        {
            while (waiting.TryPop(out (Anchor From, byte[] Path) left))
            {
                left.From.Release();
            }
        }

        return bytes;
    }

    private long CountDirectory(Anchor from, byte[] path, Stack<(Anchor From, byte[] Path)> waiting)
    {
        using Fd? directory = TryOpen(from, path);
        if (directory is null)
        {
            return 0;
        }

        bool isFar = path.Length > MaxRelativeBytes;
        Anchor next = isFar ? new Anchor(directory) : from.Hold();
        long bytes = 0;
        try
        {
            foreach (Entry entry in directory.Entries())
            {
                if (TryStatus(directory, entry.Name) is not { } status)
                {
                    continue;
                }

                bytes += Bytes(status);
                if (status.IsDirectory)
                {
                    waiting.Push((next.Hold(), isFar ? entry.Name.ToArray() : [.. path, (byte)'/', .. entry.Name]));
                }
            }
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // the directory was removed while it was being read
        }
        finally
        {
            next.Release();
        }

        return bytes;
    }

    private long Bytes(in FileStatus status)
    {
        bool isKnown = !status.IsDirectory && status.Links > 1 && !_linked.Add((status.FileSystem, status.Inode));
        return isKnown ? 0 : status.Blocks * BytesPerBlock;
    }

    private static Fd? TryOpen(Anchor from, byte[] path)
    {
        try
        {
            return from.Root.TryResolve(path, DirectoryFlags, Beneath);
        }
        catch (LinuxException)
        {
            // replaced by something else, mounted over, or not ours to read: nothing that can be counted
            return null;
        }
    }

    private static FileStatus? TryStatus(Fd directory, ReadOnlySpan<byte> name)
    {
        try
        {
            return directory.TryStatus(name);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>An open directory that waiting paths start from; closed with the last of them.</summary>
    private sealed class Anchor(Fd directory)
    {
        private int _holders = 1;

        public Root Root { get; } = Root.From(directory.Duplicate());

        public Anchor Hold()
        {
            _holders++;
            return this;
        }

        public void Release()
        {
            if (--_holders == 0)
            {
                Root.Dispose();
            }
        }
    }
}
