// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>Looks at a run of git until Dispose, and ends it with all its children when it takes more than <see cref="GitLimits"/>.</summary>
internal sealed class GitWatch : IDisposable
{
    private const int Kill = 9;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly GitCall _call;
    private readonly GitLimits _limits;
    private readonly Spawned _git;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private readonly long _start = Stopwatch.GetTimestamp();
    private volatile TareException? _verdict;
    private long _bytes = -1;
    private long _lastNews = Stopwatch.GetTimestamp();

    /// <param name="call">what runs</param>
    /// <param name="limits">what it may take</param>
    /// <param name="git">lent; nobody waits for it before this is disposed</param>
    public GitWatch(GitCall call, GitLimits limits, Spawned git)
    {
        (_call, _limits, _git) = (call, limits, git);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Why it was ended; null: it was not. Known after Dispose.</summary>
    public TareException? Verdict => _verdict;

    /// <summary>May be called twice.</summary>
    public void Dispose()
    {
        if (_watching.IsCompleted && _end.IsCancellationRequested)
        {
            return;
        }

        _end.Cancel();
        _watching.GetAwaiter().GetResult();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        TimeSpan pause = Interval;
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long began = Stopwatch.GetTimestamp();
            if (Judge() is { } verdict)
            {
                _verdict = verdict;
                _git.KillSession(Kill);
                return;
            }

            // a large tree takes a while to look at: that must not be what the machine is busy with
            TimeSpan taken = Stopwatch.GetElapsedTime(began) * 9;
            pause = taken > Interval ? taken : Interval;
        }
    }

    private TareException? Judge()
    {
        try
        {
            long bytes = 0;
            foreach (string path in _call.Watched)
            {
                bytes += SizeOf(path);
            }

            if (bytes != _bytes)
            {
                (_bytes, _lastNews) = (bytes, Stopwatch.GetTimestamp());
            }

            return bytes > _limits.Bytes ? new TareException(
                    ErrorKind.ResourceExhausted, $"the repository takes more than {_limits.Bytes} bytes", "max-size of git-limits in the configuration allows more")
                : Stopwatch.GetElapsedTime(_start) > _limits.Time ? Late("it was not done after", _limits.Time, "max-time")
                : _call.Remote is not null && Stopwatch.GetElapsedTime(_lastNews) > _limits.Silence
                    ? Late("nothing came for", _limits.Silence, "max-silence")
                : null;
        }
        catch (TareException deep)
        {
            return deep;
        }
        catch (LinuxException failure)
        {
            return new TareException(ErrorKind.Unavailable, $"its size is not known: {failure.Message}", inner: failure);
        }
    }

    private static TareException Late(string what, TimeSpan bound, string key) => new(
        ErrorKind.Unavailable, $"{what} {bound.TotalSeconds} s", $"{key} of git-limits in the configuration allows more");

    private static long SizeOf(string path)
    {
        using Fd? folder = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return folder is null ? 0 : FolderSize.Of(folder);
    }
}
