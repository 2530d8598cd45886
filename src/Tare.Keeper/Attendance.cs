// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>One container's life under its keeper: start or adopt, pump, log, report, clean up.</summary>
internal sealed class Attendance : IProcessOwner, IDisposable
{
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(10);

    private KeeperOrder _order;
    private readonly Fd _runFolder;
    private readonly Fd _storeFolder;
    private readonly List<Fd> _given;
    private readonly byte[] _buffer = IdleMemory.Buffer(Protocol.MaxPayload);
    private readonly Loop _loop = new();
    private readonly IdleMemory _memory = new();
    private readonly Clients _clients;
    private readonly Execs _execs;
    private readonly Control _control;
    private readonly Fd? _cgroup;
    private LifeLock? _life;
    private ProcessIdentity? _identity;
    private KeptProcess? _main;
    private LogFile? _log;
    private readonly LogPacking _packing;
    private readonly uint _firstUser;
    private bool _over;
    private bool _ran;
    private bool _isTakenBack;

    /// <param name="order">what to do</param>
    /// <param name="runFolder">lent</param>
    /// <param name="storeFolder">lent; the container's folder in the store</param>
    /// <param name="given">owned from now on</param>
    public Attendance(KeeperOrder order, Fd runFolder, Fd storeFolder, List<Fd> given)
    {
        _order = order;
        _runFolder = runFolder;
        _storeFolder = storeFolder;
        _given = given;
        _firstUser = order.Main.Outside?.HostUid(0) ?? 0;
        _cgroup = order.BornInFirstCgroup
            ? HostPath.TryOpen(order.Cgroups[0], OpenFlags.Path | OpenFlags.Directory)
            : null;
        _packing = new LogPacking(_loop, order.PackLog);
        _clients = new Clients(_loop);
        _execs = new Execs(_loop, _clients, new(order.Cgroups) { HasUnified = order.BornInFirstCgroup }, _buffer);
        _control = new Control(_loop, _clients, _execs, order.Main with { Program = null })
        {
            MakeNetwork = () => new KeptNetwork(_loop, _buffer) { Elected = _order.Elected },
        };
        _clients.Left = _control.ListenAgain;
    }

    /// <summary>Lives through it all; true when the container ran.</summary>
    /// <param name="starter">owned from now on: its connection</param>
    public bool Run(Fd starter)
    {
        _control.AddStarter(starter);
        try
        {
            Begin();
            while (!_over)
            {
                Turn();
            }
        }
        catch (LinuxException e)
        {
            Attempt(() => Abandon(e));
        }

        Attempt(_control.StopListening);
        Attempt(() => _main?.Forget());
        if (_life is not null)
        {
            // without it the socket is that of a keeper who was quicker
            Attempt(() => _runFolder.TryUnlink(Protocol.SocketName));
        }

        if (!_ran && _order.Adopted is null)
        {
            Attempt(() => _runFolder.TryUnlink(Protocol.StateName));
        }

        Leave();
        return _ran;
    }

    public void Started(KeptProcess process)
    {
        // of a container whose state cannot be written nobody would know: then it did not start
        if (_identity is { } identity)
        {
            _life!.Write(new KeeperState(
                identity, Environment.ProcessId, ExitReport.Now(), process.OutputPipe, process.ErrorPipe, _firstUser).Encode());
        }

        _ran = true;
        TellStarted(process);
        if (!_clients.HasStarter)
        {
            // it died or believes that nothing was started: a start that nobody heard of is taken back
            _isTakenBack = true;
            throw new LinuxException(Errno.ECONNRESET, "start");
        }

        BeginNetwork();
    }

    public void Failed(KeptProcess process, LaunchFailure failure)
    {
        _clients.Tell(
            process, FrameKind.Failed, new KeeperFailure(failure.Error, failure.Step, failure.Call, string.Empty).Encode());
        _over = true;
    }

    public void Wrote(KeptProcess process, FrameKind kind, ReadOnlySpan<byte> bytes)
    {
        _log?.Write(kind == FrameKind.Stderr, bytes);
        _clients.Publish(process, kind, bytes);
    }

    /// <summary>Output first, then the record that outlives us, then the word to everybody who waits.</summary>
    public void Ended(KeptProcess process, ExitStatus status)
    {
        // whatever fails of the following, the end is not told twice and does not keep us here
        _over = true;
        bool outOfMemory = false;
        Attempt(process.Drain);
        Attempt(() => _log?.End());
        Attempt(() => _packing.LookForTheLastTime(_log));
        Attempt(_execs.LookAtAll);
        Attempt(() => outOfMemory = status.ShellCode == 128 + Signals.Kill && CleanUp.WasOutOfMemory(_order.Cgroups));
        byte[] bytes = new ExitReport(status, outOfMemory, ExitReport.Now()).Encode();

        // when the folder is gone or full, those who are connected still learn it
        Attempt(() => AtomicFile.Write(_runFolder, Protocol.ExitName, bytes, durable: false));
        Attempt(() => _clients.Tell(process, FrameKind.Exited, bytes));
    }

    public void Dispose()
    {
        _execs.Dispose();
        _control.Dispose();
        _main?.Dispose();
        _clients.Dispose();
        _packing.Dispose();
        _log?.Dispose();
        _cgroup?.Dispose();
        _loop.Dispose();
        _life?.Dispose();
    }

    private void Begin()
    {
        if (_order.Adopted is { } state)
        {
            Adopt(state);
            return;
        }

        // of an earlier start; the starter has made sure that no keeper lives
        _runFolder.TryUnlink(Protocol.SocketName);
        _runFolder.TryUnlink(Protocol.ExitName);
        var birth = new Birth(_given, _cgroup, null);
        KeptProcess main =
            KeptProcess.Launch(_loop, this, _order.Main, Stdio.ForMain(_order.Main), birth, _buffer);

        // all that follows passes while the child makes its calls; its program is fifty kilobytes nobody needs any more
        _order = _order with { Main = main.Order };
        _identity = ProcessIdentity.Of(main.Pid);
        Enter(main);
        if (_order.TellsBirth)
        {
            TellPid(main, FrameKind.Born);
        }

        TakeLife();
        OpenLog();
    }

    private void OpenLog()
    {
        if (_order.LogName is { } name)
        {
            _log = new LogFile(
                _storeFolder, Encoding.ASCII.GetBytes(name), _order.LogLimits, TimeProvider.System, _order.LogAttributes);
            _control.Log = _log;
        }
    }

    private void Enter(KeptProcess main)
    {
        _main = main;
        _control.Main = main;
        _clients.Retarget(null, main);
        _control.Listen(_runFolder);
    }

    /// <summary>Whoever locks the state is the successor; another one that was as quick goes home.</summary>
    private void Adopt(KeeperState state)
    {
        TakeLife();
        OpenLog();
        _runFolder.TryUnlink(Protocol.SocketName);
        using var pipes = new OpenedPipes(state, _order);
        KeptProcess main = KeptProcess.Adopt(
            _loop, this, _order.Main, Stdio.Adopted(pipes.TakeOutput(), pipes.TakeError()), state, _buffer)
            ?? throw new LinuxException(Errno.ESRCH, "adopt", $"process {state.Process.Pid}");
        _ran = true;
        Enter(main);
        _life!.Write((state with { Keeper = Environment.ProcessId }).Encode());
        TellStarted(main);
        BeginNetwork();
    }

    private void BeginNetwork()
    {
        if (_order.HasNetworks)
        {
            _control.Network.Begin();
        }
    }

    private void TellStarted(KeptProcess process) => TellPid(process, FrameKind.Started);

    private void TellPid(KeptProcess process, FrameKind kind)
    {
        Span<byte> pid = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(pid, process.Pid);
        _clients.Tell(process, kind, pid);
    }

    /// <summary>Before anything is written there, so that a state without a lock is always that of a dead keeper.</summary>
    private void TakeLife() => _life = LifeLock.TryTake(_runFolder, Protocol.StateName)
        ?? throw new LinuxException(Errno.EBUSY, "keep", "the container has a keeper");

    /// <summary>Once the container runs, what the host refuses to one of its clients is no reason to end it.</summary>
    private void Turn()
    {
        try
        {
            _loop.Turn(_memory.Patience);
            TellFollowers();
            _packing.Look(_log);
            _memory.Look();
        }
        catch (LinuxException) when (_ran && !_isTakenBack && !_over)
        {
            // what fails again at once shall not take a processor for itself
            Thread.Sleep(1);
        }
    }

    private void TellFollowers()
    {
        if (_log is { HasGrown: true } log)
        {
            log.HasGrown = false;
            _clients.TellLogGrew();
        }
    }

    /// <summary>The host refused something that the keeper needs: nothing of the container stays.</summary>
    private void Abandon(LinuxException error)
    {
        ExitStatus? status = _main?.Kill();
        if (!_ran && !_over)
        {
            _clients.Tell(_main, FrameKind.Failed, new KeeperFailure(error.Errno, -1, -1, error.Message).Encode());
        }
        else if (_ran && status is { } killed)
        {
            Ended(_main!, killed);
        }
    }

    private void Leave()
    {
        if (_order.Adopted is not null && !_ran)
        {
            // another successor was quicker, or there is nobody to adopt: all of it is somebody else's business
            Attempt(FlushClients);
            return;
        }

        Attempt(() => CleanUp.RemoveCgroups(_order.Cgroups));
        _given.ForEach(fd => fd.Dispose());
        Attempt(FlushClients);

        // a starter that is there learns that nothing ran, and takes back what it made
        bool starterAnswers = _clients.HasStarter && (_order.StarterCleansUp || !_ran);
        if (_order.CleanUp.Count > 0 && !starterAnswers)
        {
            Attempt(() => CleanUp.Delegate(_order.CleanUp));
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

    /// <summary>The starter may take its time, as it may while the container runs; others have ten seconds.</summary>
    private void FlushClients()
    {
        while (_clients.HasUnsent)
        {
            _clients.FlushAll();
            if (_clients.HasUnsent && !_loop.Turn(LastFlush))
            {
                _clients.DropOthers();
            }
        }
    }
}
