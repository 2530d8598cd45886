// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Store;

/// <summary>A name in the store's scratch folder that one process at a time works on, and what it makes there.</summary>
/// <remarks>
/// The lock file <c>NAME.lock</c> is locked (flock) as long as the owner lives. Whatever stands beside a lock file that
/// can be locked was left by a dead owner and is removed by the next sweep. Disposing removes what was made and not moved
/// away, then the lock file. What is made is called <c>NAME.RANDOM</c>.
/// </remarks>
internal sealed class Scratch : IDisposable
{
    private const int MaxNames = 1 << 20;
    private const uint OwnerOnly = 0b111_000_000;
    private readonly StoreFolder _folder;
    private readonly byte[] _name;
    private byte[] _made;
    private readonly byte[] _lockName;
    private readonly FileLock _lock;

    private Scratch(StoreFolder folder, byte[] name, byte[] lockName, FileLock held)
    {
        _folder = folder;
        _name = name;
        _made = [.. name, .. AtomicFile.TemporaryName()];
        _lockName = lockName;
        _lock = held;
    }

    private static ReadOnlySpan<byte> LockSuffix => ".lock"u8;

    /// <summary>The name without the suffix of the lock.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>Waits until the name is ours alone.</summary>
    public static Scratch Take(StoreFolder folder, string name) => Take(folder, name, wait: true)!;

    /// <summary>Null when a living owner holds the name.</summary>
    public static Scratch? TryTake(StoreFolder folder, string name) => Take(folder, name, wait: false);

    /// <summary>A name that nobody else has.</summary>
    public static Scratch TakeNew(StoreFolder folder, string prefix) =>
        Take(folder, prefix + Guid.NewGuid().ToString("N"), wait: true)!;

    /// <summary>Removes what dead owners left.</summary>
    /// <param name="folder">of the store</param>
    /// <param name="now">the time by which blobs that are not whole are young, and stay for the next pull; null: none stays</param>
    /// <returns>whether there was a dead owner</returns>
    public static bool Sweep(StoreFolder folder, DateTimeOffset? now)
    {
        bool found = false;
        using Fd names = folder.Scratch.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (byte[] name in names.SortedNames(MaxNames))
        {
            if (now is { } time && PartialBlob.IsWorthKeeping(folder.Scratch, name, time))
            {
                continue;
            }
            int dot = name.AsSpan().IndexOf((byte)'.');
            using Scratch? dead = TryTake(folder, Encoding.ASCII.GetString(dot < 0 ? name : name[..dot]));
            found |= dead is not null;
            if (dead is not null && !name.AsSpan().EndsWith(LockSuffix))
            {
                FileTree.Remove(folder.Scratch, name);
            }
        }
        return found;
    }

    /// <summary>Makes an empty directory for a tree of many files and opens it for reading.</summary>
    /// <remarks>
    /// ext4 passes over inodes that were deleted in the last minutes one by one, so a tree made where another was just
    /// removed takes 4 s of processor time instead of 0.3 s. It does not tell where it puts a directory, but a new one
    /// goes where the fewest are: some are made, and the first in which a file is made at once is taken.
    /// </remarks>
    public Fd MakeTree()
    {
        const int Places = 12;
        TimeSpan quick = TimeSpan.FromMicroseconds(100);
        List<byte[]> slow = [];
        try
        {
            while (true)
            {
                _folder.Scratch.MakeDirectory(_made, OwnerOnly);
                Fd tree = _folder.Scratch.Open(_made, OpenFlags.ReadOnly | OpenFlags.Directory);
                if (slow.Count == Places || TimeToMakeFile(tree) < quick)
                {
                    return tree;
                }
                tree.Dispose();
                slow.Add(_made);
                _made = [.. _name, .. AtomicFile.TemporaryName()];
            }
        }
        finally
        {
            slow.ForEach(name => _folder.Scratch.TryRemoveDirectory(name));
        }
    }

    /// <summary>Opens the directory made before (O_PATH).</summary>
    public Fd OpenDirectory() => _folder.Scratch.Open(_made, OpenFlags.Path | OpenFlags.Directory);

    /// <summary>Gives what was made its place; it is then no longer ours.</summary>
    public void MoveTo(Fd directory, ReadOnlySpan<byte> name) =>
        _folder.Scratch.Rename(_made, directory, name, RenameFlags.NoReplace);

    /// <summary>Takes something away from its place, to be removed with this object.</summary>
    public void MoveFrom(Fd directory, ReadOnlySpan<byte> name) =>
        directory.Rename(name, _folder.Scratch, _made, RenameFlags.NoReplace);

    public void Dispose()
    {
        try
        {
            FileTree.Remove(_folder.Scratch, _made);
            _folder.Scratch.TryUnlink(_lockName);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>The better of two: another process may have had the processor meanwhile.</summary>
    private static TimeSpan TimeToMakeFile(Fd directory)
    {
        TimeSpan best = TimeSpan.MaxValue;
        foreach (byte name in "ab"u8)
        {
            long start = Stopwatch.GetTimestamp();
            directory.Open([name], OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly).Dispose();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }
        directory.Unlink("a"u8);
        directory.Unlink("b"u8);
        return best;
    }

    private static Scratch? Take(StoreFolder folder, string name, bool wait)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        byte[] lockName = [.. bytes, .. LockSuffix];
        while (true)
        {
            FileLock? held = wait ? FileLock.Take(folder.Scratch, lockName) : FileLock.TryTake(folder.Scratch, lockName);
            if (held is null)
            {
                return null;
            }
            // the last owner may have unlinked the file between our open and our lock; then it guards nothing
            if (held.IsStillNamed(folder.Scratch, lockName))
            {
                return new Scratch(folder, bytes, lockName, held);
            }
            held.Dispose();
        }
    }
}
