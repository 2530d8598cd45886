// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Notices that a container ran out of memory: v1 tells it by an eventfd, v2 by a counter.</summary>
/// <remarks>kernel admin-guide/cgroup-v1/memory.rst#oom-control, admin-guide/cgroup-v2.rst#memory-interface-files</remarks>
internal sealed class OutOfMemoryWatch : IDisposable
{
    private const string Control = "memory.oom_control";
    private const string Registration = "cgroup.event_control";
    private const string Counter = "memory.events";

    private readonly Cgroup _cgroup;
    private readonly string? _directory;
    private readonly EventFd? _notice;
    private Fd? _counter;
    private long _kills;

    private OutOfMemoryWatch(Cgroup cgroup, string? directory, EventFd? notice) =>
        (_cgroup, _directory, _notice, _kills) = (cgroup, directory, notice, cgroup.OutOfMemoryKills() ?? 0);

    /// <summary>Begins now: what was before is not told.</summary>
    internal static OutOfMemoryWatch Open(Cgroup cgroup)
    {
        if (cgroup.Find(Control) is not { } directory)
        {
            return new(cgroup, null, null);
        }

        var notice = new EventFd();
        try
        {
            using Fd control = HostPath.Open($"{directory}/{Control}", OpenFlags.ReadOnly);
            CgroupFile.Write(directory, Registration, $"{notice.Fd.Raw} {control.Raw}");
            return new(cgroup, directory, notice);
        }
        catch (LinuxException)
        {
            // the counter is there all the same, only that nobody says when it changes
            notice.Dispose();
            return new(cgroup, null, null);
        }
    }

    /// <summary>What to wait for until <see cref="Take"/> may have something to say. Lent until the next call.</summary>
    /// <remarks>Before a look at <see cref="Take"/>, so that what happens in between is not slept through.</remarks>
    internal PollEntry Next()
    {
        if (_notice is not null)
        {
            return new(_notice.Fd, EpollEvents.Readable);
        }

        _counter?.Dispose();
        _counter = _cgroup.Find(Counter) is { } unified ? HostPath.TryOpen($"{unified}/{Counter}", OpenFlags.ReadOnly) : null;
        return new(_counter, EpollEvents.Priority);
    }

    /// <summary>It ran out of memory since the last call.</summary>
    internal bool Take()
    {
        if (_notice is not null)
        {
            // that the cgroup goes is notified too
            return _notice.Take() > 0 && HostPath.TryStatus($"{_directory}/{Control}") is not null;
        }

        long kills = _cgroup.OutOfMemoryKills() ?? _kills;
        bool isMore = kills > _kills;
        _kills = kills;
        return isMore;
    }

    public void Dispose()
    {
        _notice?.Dispose();
        _counter?.Dispose();
    }
}
