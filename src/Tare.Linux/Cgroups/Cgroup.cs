// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups.Usage;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>The cgroups of one container: one directory in every hierarchy.</summary>
/// <remarks>
/// Holds paths only, so that the keeper, or whoever cleans up after it, opens it again from them. Directories that are
/// gone count as empty.
/// </remarks>
internal sealed class Cgroup
{
    private const int Sigkill = 9;

    private readonly IReadOnlyList<string> _paths;

    internal Cgroup(IReadOnlyList<string> paths) => _paths = paths;

    /// <summary>Paths of the host; that of the unified hierarchy first, if there is one.</summary>
    internal IReadOnlyList<string> Paths => _paths;

    /// <summary>True when the first of <see cref="Paths"/> is of the unified hierarchy, in which processes can be born.</summary>
    internal bool HasUnified { get; init; }

    /// <summary>
    /// Directories that were made for it, ancestors before those below, and that go with it; null: all of
    /// <see cref="Paths"/> and nothing above. A directory that was there before is never removed.
    /// </summary>
    internal IReadOnlyList<string>? Made { get; init; }

    /// <summary>
    /// One open file per v1 hierarchy; a process that writes <c>0</c> to each is inside. v1 takes one thread by this
    /// (<c>tasks</c>), which is all a fresh process has and four times cheaper than <c>cgroup.procs</c>.
    /// The caller owns them.
    /// </summary>
    internal List<Fd> OpenForJoin()
    {
        List<Fd> files = new(_paths.Count);
        try
        {
            foreach (string path in _paths.Skip(HasUnified ? 1 : 0))
            {
                files.Add(HostPath.Open($"{path}/tasks", OpenFlags.WriteOnly));
            }

            return files;
        }
        catch
        {
            files.ForEach(static file => file.Dispose());
            throw;
        }
    }

    /// <summary>
    /// The directory of the unified hierarchy in which one more process can be born, or null: there is none. It is the
    /// cgroup itself, unless that has given controllers to cgroups below (an init in the container did): then it may
    /// have no processes, and the new one goes where its neighbour is.
    /// </summary>
    /// <param name="neighbour">pid of a process of the container</param>
    internal string? BirthPlace(int neighbour)
    {
        if (!HasUnified)
        {
            return null;
        }

        bool isForOthers = CgroupFile.TryReadLine(_paths[0], "cgroup.subtree_control") is { Length: > 0 };
        return isForOthers ? CgroupProcesses.Find(_paths[0], neighbour) ?? _paths[0] : _paths[0];
    }

    /// <summary>Stops all processes where they are, until <see cref="Thaw"/>.</summary>
    /// <returns>false when they have not all stopped in this time; they still will</returns>
    internal bool Freeze(TimeSpan patience) => SetFrozen(true, patience);

    /// <summary>Lets them go on; of a cgroup that is removed at this moment nothing is frozen any more.</summary>
    internal bool Thaw(TimeSpan patience)
    {
        try
        {
            return SetFrozen(false, patience);
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return true;
        }
    }

    /// <summary>All processes are stopped by <see cref="Freeze"/>, or are about to be.</summary>
    internal bool IsFrozen
    {
        get
        {
            if (HasUnified)
            {
                return CgroupFile.TryReadLine(_paths[0], "cgroup.freeze") == "1";
            }

            return Find("freezer.state") is { } freezer && CgroupFile.TryReadLine(freezer, "freezer.state") is "FROZEN" or "FREEZING";
        }
    }

    /// <summary>Sends SIGKILL to every process inside and below; new ones that are being forked do not escape.</summary>
    /// <remarks>Returns before they are dead: see <see cref="WaitEmpty"/>. Does nothing when the cgroup is gone.</remarks>
    internal void Kill()
    {
        if (Find("cgroup.kill") is { } unified)
        {
            CgroupFile.Write(unified, "cgroup.kill", "1");
        }
        else
        {
            KillOneByOne();
        }
    }

    /// <summary>False when there are still processes after this time.</summary>
    internal bool WaitEmpty(TimeSpan patience) =>
        CgroupWait.Until(Find("cgroup.events"), patience, () => !HasProcesses());

    /// <summary>
    /// Removes all directories. False when processes were still there after <paramref name="patience"/>: then those
    /// that could go are gone.
    /// </summary>
    /// <remarks>A process that has just died can hold its cgroup for some microseconds more.</remarks>
    internal bool Remove(TimeSpan patience) =>
        Remove() || CgroupWait.Until(Find("cgroup.events"), patience, Remove);

    /// <summary>As <see cref="Remove(TimeSpan)"/>, without waiting.</summary>
    internal bool Remove()
    {
        bool isGone = true;
        foreach (string path in _paths)
        {
            isGone &= Made?.Contains(path) is false || CgroupDirectory.TryRemove(path);
        }

        RemoveAbove();
        return isGone;
    }

    /// <summary>
    /// Removes it without a look inside, where nobody lives in any of its directories; false when somebody does, or when one of them
    /// is not ours to remove. Those that could go before the first that could not are gone then.
    /// </summary>
    internal bool RemoveUnused()
    {
        if (_paths.Any(path => Made?.Contains(path) is false) || !_paths.All(CgroupDirectory.TryRemoveEmpty))
        {
            return false;
        }

        RemoveAbove();
        return true;
    }

    // others may have come to live in an ancestor: then it stays
    private void RemoveAbove()
    {
        foreach (string above in (Made ?? []).Except(_paths).Reverse())
        {
            CgroupDirectory.TryRemoveEmpty(above);
        }
    }

    /// <summary>True while a process is inside or below.</summary>
    internal bool HasProcesses()
    {
        if (Find("cgroup.events") is { } unified)
        {
            return CgroupFile.TryReadKey(unified, "cgroup.events", "populated"u8) == 1;
        }

        foreach (string path in _paths)
        {
            if (CgroupProcesses.Any(path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Pids of all processes inside and below, each once.</summary>
    internal IReadOnlyList<int> Processes() => _paths.Count == 0
        ? []
        : HasUnified ? CgroupProcesses.List(_paths[0]) : [.. _paths.SelectMany(CgroupProcesses.List).Distinct()];

    /// <summary>What it uses now.</summary>
    internal CgroupUsage Usage() => CgroupUsage.Read(this);

    /// <summary>Processes killed because it reached its memory limit; null where nobody counts them.</summary>
    internal long? OutOfMemoryKills() => Key("memory.oom_control") ?? Key("memory.events");

    /// <summary>The directory that has this file, or null.</summary>
    internal string? Find(string file)
    {
        foreach (string path in _paths)
        {
            if (HostPath.TryStatus($"{path}/{file}") is not null)
            {
                return path;
            }
        }

        return null;
    }

    private long? Key(string file) => Find(file) is { } directory ? CgroupFile.TryReadKey(directory, file, "oom_kill"u8) : null;

    private bool SetFrozen(bool frozen, TimeSpan patience)
    {
        if (Find("cgroup.freeze") is { } unified)
        {
            CgroupFile.Write(unified, "cgroup.freeze", frozen ? "1" : "0");
            return CgroupWait.Until(
                unified, patience, () => CgroupFile.TryReadKey(unified, "cgroup.events", "frozen"u8) != (frozen ? 0 : 1));
        }

        if (Find("freezer.state") is not { } freezer)
        {
            // it ended meanwhile, and was removed: nothing is frozen any more
            if (!frozen && Find(".") is null)
            {
                return true;
            }

            throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", "no Freezer controller on this machine");
        }

        string state = frozen ? "FROZEN" : "THAWED";
        CgroupFile.Write(freezer, "freezer.state", state);
        return CgroupWait.Until(null, patience, () => CgroupFile.TryReadLine(freezer, "freezer.state") == state);
    }

    /// <summary>v1: while they are frozen, nobody forks and no number is given to somebody else.</summary>
    private void KillOneByOne()
    {
        string? freezer = Find("freezer.state");
        if (freezer is not null)
        {
            Freeze(CgroupWait.Short);
        }

        try
        {
            foreach (string path in _paths)
            {
                CgroupProcesses.Signal(path, Sigkill);
            }
        }
        finally
        {
            if (freezer is not null)
            {
                CgroupFile.Write(freezer, "freezer.state", "THAWED");
            }
        }
    }
}
