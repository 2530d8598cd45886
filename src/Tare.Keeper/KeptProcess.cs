// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Runtime.Starting;

namespace Tare.Keeper;

/// <summary>A process in a container with its streams, from its launch or adoption to its end.</summary>
internal sealed class KeptProcess : IDisposable
{
    /// <summary>How long a process that failed may take to end before the refusal of its host counts.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(20);

    private readonly Loop _loop;
    private readonly IProcessOwner _owner;
    private readonly Launched? _launched;
    private readonly Pidfd _pidfd;
    private readonly Stdio _stdio;
    private readonly Watch? _ready;
    private Watch? _end;
    private OutputFlags _lost;
    private long? _warnedAt;

    private KeptProcess(Loop loop, IProcessOwner owner, ProcessOrder order, Stdio stdio, Launched launched, byte[] buffer)
    {
        (_loop, _owner, Order, _stdio, _launched) = (loop, owner, order with { Program = null, Outside = null }, stdio, launched);
        (_pidfd, Pid) = (launched.Pidfd, launched.Pid);

        // while the child makes its calls
        _stdio.CloseContainerEnds();
        Streams = new Streams(loop, stdio, buffer, Wrote);
        _ready = _loop.Watch(launched.Ready, _ => SetUpIsOver());
        _ready.Wanted = EpollEvents.Readable;
    }

    private KeptProcess(Loop loop, IProcessOwner owner, ProcessOrder order, Stdio stdio, KeeperState state, Pidfd pidfd, byte[] buffer)
    {
        (_loop, _owner, Order, _stdio) = (loop, owner, order, stdio);
        (_pidfd, Pid, Runs) = (pidfd, state.Process.Pid, true);
        Streams = new Streams(loop, stdio, buffer, Wrote);
        WatchEnd();
    }

    /// <summary>Launches it; <see cref="IProcessOwner.Started"/> or Failed is called from the loop.</summary>
    /// <param name="loop">lent</param>
    /// <param name="owner">is told</param>
    /// <param name="order">what it is</param>
    /// <param name="stdio">owned from now on</param>
    /// <param name="birth">where, and with what</param>
    /// <param name="buffer">for reading output; nothing stays in it</param>
    /// <exception cref="LinuxException">nothing was started</exception>
    public static KeptProcess Launch(
        Loop loop, IProcessOwner owner, ProcessOrder order, Stdio stdio, Birth birth, byte[] buffer)
    {
        Launched? launched = null;
        try
        {
            launched = Start(order, stdio, birth);
            return new(loop, owner, order, stdio, launched, buffer);
        }
        catch
        {
            if (launched is not null)
            {
                End(launched);
            }

            stdio.Dispose();
            throw;
        }
    }

    /// <summary>Of a process that cannot be kept.</summary>
    private static void End(Launched launched)
    {
        launched.Pidfd.TrySend(Signals.Kill);
        launched.Pidfd.Wait();
        launched.Dispose();
    }

    private static Launched Start(ProcessOrder order, Stdio stdio, Birth birth)
    {
        LaunchProgram program = order.Program ?? throw new LinuxException(Errno.EINVAL, "launch", "no program");
        using Handshake? handshake = order.Outside is null ? null : new Handshake();
        List<Fd?> given = [.. stdio.ContainerEnds, .. birth.Given];
        if (handshake is not null)
        {
            given.InsertRange(Math.Min(given.Count, StandardGiven.First + order.GoAt), [handshake.GoEnd, handshake.Go]);
        }

        Launched launched = Launcher.Start(
            program, order.Namespaces, CollectionsMarshal.AsSpan(given), birth.Cgroup, birth.Inside?.Fd);
        try
        {
            handshake?.Begin();
            Outside.Apply(order.Outside, launched.Pid, handshake!);
            return launched;
        }
        catch (LinuxException)
        {
            if (Poll.Wait([new PollEntry(launched.Ready, EpollEvents.Readable)], EndPatience))
            {
                // it did not live to see that: what it reports is the reason
                return launched;
            }

            End(launched);
            throw;
        }
    }

    /// <summary>Takes over a process that runs and is nobody's in particular.</summary>
    /// <param name="loop">lent</param>
    /// <param name="owner">is told of its output and its end</param>
    /// <param name="order">what its streams are</param>
    /// <param name="stdio">owned from now on</param>
    /// <param name="state">who it is</param>
    /// <param name="buffer">for reading output</param>
    /// <returns>null: it has ended, and nobody can tell how</returns>
    public static KeptProcess? Adopt(
        Loop loop, IProcessOwner owner, ProcessOrder order, Stdio stdio, KeeperState state, byte[] buffer)
    {
        if (state.Process.TryOpen() is { } pidfd)
        {
            return new(loop, owner, order, stdio, state, pidfd, buffer);
        }

        stdio.Dispose();
        return null;
    }

    /// <summary>Without its program, which has been executed.</summary>
    public ProcessOrder Order { get; }

    /// <summary>In the host's pid namespace.</summary>
    public int Pid { get; }

    /// <summary>Lent.</summary>
    public Pidfd Pidfd => _pidfd;

    public Streams Streams { get; }

    public ulong OutputPipe => _stdio.OutputPipe;

    public ulong ErrorPipe => _stdio.ErrorPipe;

    /// <summary>Its program was executed.</summary>
    public bool Runs { get; private set; }

    /// <summary>What it left in its pipes or terminal goes to the owner.</summary>
    public void Drain() => Streams.Drain();

    /// <summary>Looks whether it has ended, without waiting for the loop; then the owner is told.</summary>
    public void Look()
    {
        if (Runs && _end is not null && ReadStatus() is { } status)
        {
            HasEnded(status);
        }
    }

    /// <summary>Its starter takes no output any more: as in a pipeline, whoever goes on writing there is ended.</summary>
    public void LoseOutput(OutputFlags which)
    {
        if (_stdio.SurvivesUs)
        {
            _lost |= which;
        }
        else
        {
            Streams.EndOutput(which);
        }
    }

    /// <summary>Kills it and waits for its end; null when it has ended already.</summary>
    public ExitStatus? Kill() => _launched is not null && _pidfd.TrySend(Signals.Kill) ? _pidfd.Wait() : null;

    /// <summary>The loop forgets it.</summary>
    public void Forget()
    {
        Streams.End();
        _ready?.Remove();
        _end?.Remove();
        _end = null;
    }

    public void Dispose()
    {
        Forget();
        _stdio.Dispose();
        _launched?.Dispose();
        _pidfd.Dispose();
    }

    /// <summary>A quick program's output may come up in the loop before its start does; the start is told first.</summary>
    private void Wrote(FrameKind kind, ReadOnlySpan<byte> bytes)
    {
        if (!Runs)
        {
            SetUpIsOver();
        }

        if ((_lost & (kind == FrameKind.Stderr ? OutputFlags.Stderr : OutputFlags.Stdout)) != 0)
        {
            EndWriter();
        }

        _owner.Wrote(this, kind, bytes);
    }

    /// <summary>SIGPIPE, which a first process of a pid namespace hears only if it wants to; later what it must hear.</summary>
    private void EndWriter()
    {
        const long PatienceMilliseconds = 500;
        long now = Environment.TickCount64;
        if (_warnedAt is null || now - _warnedAt > PatienceMilliseconds)
        {
            _pidfd.TrySend(_warnedAt is null ? Signals.Pipe : Signals.Kill);
            _warnedAt ??= now;
        }
    }

    private void SetUpIsOver()
    {
        if (Runs || _launched is null)
        {
            return;
        }

        _ready!.Remove();
        if (Complete(_launched) is { } failure)
        {
            _owner.Failed(this, failure);
            return;
        }

        Runs = true;
        _owner.Started(this);
    }

    /// <summary>Of one that cannot say whether it runs, or whose end cannot be seen, nobody would hear, so it does not.</summary>
    private LaunchFailure? Complete(Launched launched)
    {
        try
        {
            LaunchFailure? failure = launched.Complete();
            if (failure is null)
            {
                WatchEnd();
            }

            return failure;
        }
        catch (LinuxException refused)
        {
            launched.Pidfd.TrySend(Signals.Kill);
            launched.Pidfd.Wait();
            return new LaunchFailure(refused.Errno, -1, -1);
        }
    }

    private void WatchEnd()
    {
        _end = _loop.Watch(_pidfd.Fd, _ => Look());
        _end.Wanted = EpollEvents.Readable;
    }

    private void HasEnded(ExitStatus status)
    {
        _end!.Remove();
        _end = null;
        _owner.Ended(this, status);
    }

    private ExitStatus? ReadStatus()
    {
        if (_launched is not null)
        {
            return _pidfd.TryWait();
        }

        if (!Poll.IsReady(_pidfd.Fd))
        {
            return null;
        }

        // somebody else's child: told by the kernel once its parent has reaped it, and by its zombie before
        const int Unknown = 255;
        return _pidfd.TryReadExit()
            ?? (ProcessStatus.TryRead(Pid) is { IsDead: true } zombie ? ExitStatus.OfWaitStatus(zombie.WaitStatus) : (ExitStatus?)null)
            ?? _pidfd.TryReadExit()
            ?? new ExitStatus(Unknown, 0, false);
    }
}
