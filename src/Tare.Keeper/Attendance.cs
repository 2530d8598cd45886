// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>One container's life under its keeper: start, pump, report, clean up.</summary>
internal sealed class Attendance : IDisposable
{
    private const long NanosecondsPerTick = 100;
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(10);

    private readonly KeeperOrder _order;
    private readonly Fd _runFolder;
    private readonly List<Fd> _given;
    private readonly Loop _loop = new();
    private readonly Control _control;
    private Stdio? _stdio;
    private Streams? _streams;
    private Launched? _launched;
    private Watch? _ready;
    private bool _over;
    private bool _ran;

    /// <param name="order">what to do</param>
    /// <param name="runFolder">lent</param>
    /// <param name="given">owned from now on</param>
    public Attendance(KeeperOrder order, Fd runFolder, List<Fd> given)
    {
        _order = order;
        _runFolder = runFolder;
        _given = given;
        _control = new Control(_loop, order);
    }

    /// <summary>Lives through it all; true when the container ran.</summary>
    /// <param name="starter">owned from now on: its connection</param>
    public bool Run(Fd starter)
    {
        _control.Add(starter, isStarter: true);
        try
        {
            Start();
            while (!_over)
            {
                _loop.Turn();
            }
        }
        catch (LinuxException e)
        {
            Attempt(() => Abandon(e));
        }

        Attempt(_control.StopListening);
        Attempt(() => _streams?.End());
        Attempt(() => _runFolder.TryUnlink(Protocol.SocketName));
        Attempt(() => CleanUp.RemoveCgroups(_order.Cgroups));
        _given.ForEach(fd => fd.Dispose());
        Attempt(FlushClients);
        // a starter that is there learns that nothing ran, and takes back what it made
        bool starterAnswers = _control.HasStarter && (_order.StarterCleansUp || !_ran);
        if (_order.CleanUp.Count > 0 && !starterAnswers)
        {
            Attempt(() => CleanUp.Delegate(_order.CleanUp));
        }

        return _ran;
    }

    public void Dispose()
    {
        _control.Dispose();
        _stdio?.Dispose();
        _launched?.Dispose();
        _loop.Dispose();
    }

    private void Start()
    {
        // of an earlier start; the starter has made sure that no keeper lives
        _runFolder.TryUnlink(Protocol.SocketName);
        _runFolder.TryUnlink(Protocol.ExitName);
        _stdio = new Stdio(_order);
        using Fd? cgroup = _order.BornInFirstCgroup
            ? HostPath.Open(_order.Cgroups[0], OpenFlags.Path | OpenFlags.Directory)
            : null;
        _launched = Launcher.Start(
            _order.Program, _order.Namespaces, [.. _stdio.ContainerEnds, .. _given], cgroup);

        // while the child makes its calls
        _stdio.CloseContainerEnds();
        _streams = new Streams(_loop, _stdio, Publish);
        _control.Streams = _streams;
        _control.Listen(_runFolder);
        _ready = _loop.Watch(_launched.Ready, _ => SetUpIsOver(_launched));
        _ready.Wanted = EpollEvents.Readable;
    }

    /// <summary>A quick program's output may come up in the loop before its start does; the starter hears of the start
    /// first.</summary>
    private void Publish(FrameKind kind, ReadOnlySpan<byte> bytes)
    {
        if (!_ran && !_over)
        {
            SetUpIsOver(_launched!);
        }

        _control.Publish(kind, bytes);
    }

    private void SetUpIsOver(Launched launched)
    {
        _ready!.Remove();
        if (launched.Complete() is { } failure)
        {
            TellFailure(failure.Error, failure.Step, failure.Call, string.Empty);
            _over = true;
            return;
        }

        _ran = true;
        _control.Container = launched;
        Span<byte> pid = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(pid, launched.Pid);
        _control.Tell(FrameKind.Started, pid);
        if (!_control.HasStarter)
        {
            // it died or believes that nothing was started: a start that nobody heard of is taken back
            throw new LinuxException(Errno.ECONNRESET, "start");
        }

        Watch? ended = null;
        ended = _loop.Watch(launched.Pidfd.Fd, _ =>
        {
            if (launched.Pidfd.TryWait() is { } status)
            {
                ended!.Remove();
                HasEnded(status);
            }
        });
        ended.Wanted = EpollEvents.Readable;
    }

    /// <summary>Output first, then the record that outlives us, then the word to everybody who waits.</summary>
    private void HasEnded(ExitStatus status)
    {
        long now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        bool wasKilled = status.ShellCode == 128 + Signals.Kill;
        var report = new ExitReport(status, wasKilled && CleanUp.WasOutOfMemory(_order.Cgroups), now);
        _streams!.Drain();
        byte[] bytes = report.Encode();
        try
        {
            AtomicFile.Write(_runFolder, Protocol.ExitName, bytes, durable: false);
        }
        catch (LinuxException)
        {
            // the folder is gone or full: those who are connected still learn it
        }

        _control.Tell(FrameKind.Exited, bytes);
        _over = true;
    }

    /// <summary>The host refused something that the keeper needs: nothing of the container stays.</summary>
    private void Abandon(LinuxException error)
    {
        ExitStatus? status = _launched is not null && _launched.Pidfd.TrySend(Signals.Kill)
            ? _launched.Pidfd.Wait()
            : null;
        if (!_ran && !_over)
        {
            TellFailure(error.Errno, -1, -1, error.Message);
        }
        else if (_ran && status is { } killed)
        {
            HasEnded(killed);
        }
    }

    /// <summary>What fails here keeps neither the rest from being cleaned up nor clients waiting.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException)
        {
            // the next command finds what is left
        }
    }

    private void TellFailure(Errno error, int step, int call, string text)
    {
        byte[] message = Encoding.UTF8.GetBytes(text);
        byte[] payload = new byte[12 + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, (int)error);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), step);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), call);
        message.CopyTo(payload, 12);
        _control.Tell(FrameKind.Failed, payload);
    }

    /// <summary>The starter may take its time, as it may while the container runs; others have ten seconds.</summary>
    private void FlushClients()
    {
        while (_control.HasUnsent)
        {
            _control.FlushAll();
            if (_control.HasUnsent && !_loop.Turn(LastFlush))
            {
                _control.DropOthers();
            }
        }
    }
}
