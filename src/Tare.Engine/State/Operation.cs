// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Engine.State;

/// <summary>A change to one container that is under way; whoever dies in it leaves a file that nobody holds locked.</summary>
/// <remarks>
/// The next command looks at what is in <c>ops</c> and finishes what a dead process began: see
/// Recovery. So it does after a change that failed: disposing lets go, only <see cref="Complete"/> takes the name away.
/// </remarks>
internal sealed class Operation : IDisposable
{
    private readonly EngineFolders _folders;
    private readonly FileLock _held;
    private bool _isOver;
    private bool _isLeft;

    private Operation(EngineFolders folders, string id, FileLock held)
    {
        _folders = folders;
        Id = id;
        _held = held;
    }

    /// <summary>The container's id.</summary>
    public string Id { get; }

    /// <summary>Starts a change to a container that only this process knows.</summary>
    /// <remarks>
    /// Between the making of the file and its lock another process may take it for the rest of a dead one; it finds
    /// nothing to repair and removes the file, and then it is made again.
    /// </remarks>
    public static Operation Begin(EngineFolders folders, string id)
    {
        byte[] name = Encoding.ASCII.GetBytes(id);
        while (true)
        {
            FileLock held = FileLock.Take(folders.Operations, name);
            if (held.IsStillNamed(folders.Operations, name))
            {
                return new(folders, id, held);
            }

            held.Dispose();
        }
    }

    /// <summary>Starts a change; null when another process is making one to this container.</summary>
    public static Operation? TryBegin(EngineFolders folders, string id)
    {
        byte[] name = Encoding.ASCII.GetBytes(id);
        while (FileLock.TryTake(folders.Operations, name) is { } held)
        {
            // the holder before us removes the name before it lets go: a lock on a file without a name protects nothing
            if (held.IsStillNamed(folders.Operations, name))
            {
                return new(folders, id, held);
            }

            held.Dispose();
        }

        return null;
    }

    /// <summary>Starts a change as soon as no other process makes one; null when the time is over or it is not wanted any more.</summary>
    /// <param name="folders">of the store</param>
    /// <param name="id">of the container</param>
    /// <param name="patience">how long</param>
    /// <param name="isWanted">looked at between attempts</param>
    public static Operation? Wait(EngineFolders folders, string id, TimeSpan patience, Func<bool> isWanted)
    {
        const int FirstPause = 1;
        const int LongestPause = 20;
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (int pause = FirstPause; ; pause = Math.Min(2 * pause, LongestPause))
        {
            if (TryBegin(folders, id) is { } operation)
            {
                return operation;
            }

            if (!isWanted() || Environment.TickCount64 > deadline)
            {
                return null;
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>The ids of all changes under way, those of dead processes included.</summary>
    public static List<string> List(EngineFolders folders)
    {
        var ids = new List<string>();
        foreach (Entry entry in folders.Operations.Entries())
        {
            if (entry.Kind == FileKind.Regular)
            {
                ids.Add(Encoding.ASCII.GetString(entry.Name));
            }
        }

        return ids;
    }

    /// <summary>Something could not be taken back: the next command looks at it, whatever is said later.</summary>
    public void LeaveToNext() => _isLeft = true;

    /// <summary>The change is made or taken back; nobody has to look at it again.</summary>
    public void Complete()
    {
        if (!_isOver && !_isLeft)
        {
            _folders.Operations.TryUnlink(Encoding.ASCII.GetBytes(Id));
        }

        Dispose();
    }

    public void Dispose()
    {
        // from now on the name may be another process's
        _isOver = true;
        _held.Dispose();
    }
}
