// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>A connection to a keeper.</summary>
/// <remarks>
/// Synchronous and for one thread. Disposing it lets the container run on. A keeper answers at once; one that does not
/// (it is stopped, or stuck) is given up after <see cref="Patience"/>.
/// </remarks>
internal sealed class KeeperSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FrameReader _reader = new();
    private readonly FrameWriter _writer = new();
    private readonly Spawned? _keeper;
    private ExitReport? _exit;

    internal KeeperSession(Fd socket, Spawned? keeper)
    {
        Socket = socket;
        _keeper = keeper;
    }

    internal Fd Socket { get; }

    /// <summary>Null while signals do what they always do.</summary>
    internal SignalInbox? Signals { get; private set; }

    internal FrameReader Reader => _reader;

    internal FrameWriter Writer => _writer;

    /// <summary>What the keeper said of the process last; null before <see cref="WaitStarted"/> or <see cref="WaitGreeting"/>.</summary>
    public Greeting? Greeting { get; private set; }

    /// <summary>Waits until the process is there, or could not be made. For a starter that asked to be told.</summary>
    /// <param name="streams">as for <see cref="WaitStarted"/>, which comes next unless this tells of a failure</param>
    public KeeperStart WaitBorn(SessionStreams? streams = null) => Wait(FrameKind.Born, streams);

    /// <summary>Waits until the process runs or could not be started. For the starter.</summary>
    /// <param name="streams">those of the later <see cref="Pump"/>: its signals are caught from now on already</param>
    public KeeperStart WaitStarted(SessionStreams? streams = null) => Wait(FrameKind.Started, streams);

    private KeeperStart Wait(FrameKind awaited, SessionStreams? streams)
    {
        CatchSignals(streams);
        while (true)
        {
            while (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                switch (kind)
                {
                    case FrameKind.Greeting:
                        Greeting = Keeper.Greeting.TryDecode(payload, out Greeting greeting) ? greeting : null;
                        break;
                    case FrameKind.Born or FrameKind.Started when payload.Length >= 4 && kind == awaited:
                        return new KeeperStart(BinaryPrimitives.ReadInt32LittleEndian(payload), null);
                    case FrameKind.Failed when KeeperFailure.TryDecode(payload) is { } failure:
                        return new KeeperStart(0, failure);
                    case FrameKind.Answer or FrameKind.Exited:
                        return Broken(kind == FrameKind.Answer ? "its keeper is of an older version" : "it has ended");
                    default:
                        return Broken($"frame {(byte)kind} before the start");
                }
            }

            if (!WaitForKeeper(null) || !_reader.Fill(Socket))
            {
                return Broken("the keeper died");
            }
        }
    }

    /// <summary>Waits for the greeting of a keeper that was connected to; null when it died or does not answer.</summary>
    /// <param name="patience">null: as long as for any other answer</param>
    public Greeting? WaitGreeting(TimeSpan? patience = null)
    {
        while (Greeting is null)
        {
            if (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                if (kind != FrameKind.Greeting || !Keeper.Greeting.TryDecode(payload, out Greeting greeting))
                {
                    return null;
                }

                Greeting = greeting;
            }
            else if (!WaitForBytes(patience) || !_reader.Fill(Socket))
            {
                return null;
            }
        }

        return Greeting;
    }

    /// <summary>Starts a process inside the container; from then on this session speaks for it.</summary>
    /// <param name="id">drawn by the caller</param>
    /// <param name="order">what it is</param>
    /// <param name="multiplexer">lent; the ptmx of the container's devpts when it wants a terminal, else null</param>
    /// <param name="given">lent descriptors of the launch program, from <see cref="StandardGiven.First"/> on</param>
    /// <param name="streams">as for <see cref="WaitStarted"/></param>
    public KeeperStart Exec(
        ExecId id, ProcessOrder order, Fd? multiplexer, IReadOnlyList<Fd> given, SessionStreams? streams = null)
    {
        using Fd sealedOrder = MemoryFile.Sealed("tare-exec"u8, ProcessOrderCodec.Encode(order));
        Fd[] fds = multiplexer is null ? [sealedOrder, .. given] : [sealedOrder, multiplexer, .. given];
        byte[] frame = new byte[Protocol.HeaderBytes + ExecId.Bytes];
        frame[0] = (byte)FrameKind.Exec;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), ExecId.Bytes);
        id.Encode().CopyTo(frame.AsSpan(Protocol.HeaderBytes));
        UnixSocket.Send(Socket, frame, fds);
        return WaitStarted(streams);
    }

    /// <summary>From now on this session speaks for an exec'ed process; ENOENT: there is none of this id.</summary>
    public Errno Select(ExecId id) => AskAndWait(FrameKind.Select, id.Encode());

    /// <summary>The exec'ed processes that run now; none when the keeper is too old to tell or does not answer.</summary>
    public IReadOnlyList<ExecId> ListExecs()
    {
        _writer.Add(FrameKind.ListExecs, default);
        _writer.TryFlush(Socket);
        do
        {
            while (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                if (kind == FrameKind.ExecIds)
                {
                    return [.. payload.ToArray().Chunk(ExecId.Bytes).Where(id => id.Length == ExecId.Bytes).Select(id => ExecId.Of(id))];
                }

                if (kind is FrameKind.Answer || TakeExit(kind, payload))
                {
                    return [];
                }
            }
        }
        while (WaitForBytes() && _reader.Fill(Socket));
        return [];
    }

    /// <summary>Asks to take part in the process's streams from now on. A starter is attached by its order.</summary>
    public void Attach(OutputFlags outputs)
    {
        _writer.Add(FrameKind.Attach, [(byte)outputs]);
        _writer.TryFlush(Socket);
    }

    /// <summary>Says that this side goes away on purpose; then dispose it.</summary>
    public void Detach()
    {
        _writer.Add(FrameKind.Detach, default);
        _writer.TryFlush(Socket);
    }

    /// <summary>Sends a signal to the process; ESRCH when it has ended.</summary>
    public Errno Signal(int signal)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, signal);
        return AskAndWait(FrameKind.Signal, payload);
    }

    /// <summary>Changes the size of the process's terminal; ENOTTY when it has none.</summary>
    public Errno Resize(TerminalSize size) => AskAndWait(FrameKind.Resize, EncodeSize(size));

    /// <summary>Changes the limits of the container's log; ENOENT when it keeps none.</summary>
    public Errno Update(LogLimits limits)
    {
        byte[] payload = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(payload, limits.MaxBytes);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), limits.MaxFiles);
        return AskAndWait(FrameKind.Update, payload);
    }

    /// <summary>Asks to hear of the log from now on: <see cref="WaitLogGrowth"/>. ENOENT when the container keeps none.</summary>
    public Errno Follow() => AskAndWait(FrameKind.Follow, default);

    /// <summary>Waits until the log has grown since the last call; false when nothing more comes.</summary>
    /// <param name="patience">true also when it is over; null waits for ever</param>
    public bool WaitLogGrowth(TimeSpan? patience = null)
    {
        while (_exit is null)
        {
            while (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                if (kind == FrameKind.LogGrew || TakeExit(kind, payload))
                {
                    return kind == FrameKind.LogGrew;
                }
            }

            if (patience is not null && !WaitForBytes(patience))
            {
                return true;
            }

            if (!_reader.Fill(Socket))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Copies streams and signals until the process ends, the user detaches, or the keeper vanishes.</summary>
    public SessionEnd Pump(SessionStreams streams)
    {
        if (_exit is { } known)
        {
            return new SessionEnd(known, false);
        }

        CatchSignals(streams);
        using var pump = new SessionPump(this, streams);
        return pump.Run();
    }

    /// <summary>Waits for the end of the process; null when the keeper vanished without a report.</summary>
    public ExitReport? WaitExit() => Pump(new SessionStreams { ForwardSignals = false }).Exit;

    /// <summary>As <see cref="WaitExit()"/>, not longer than this; null also when the time is over.</summary>
    public ExitReport? WaitExit(TimeSpan patience)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (_exit is null)
        {
            while (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                TakeExit(kind, payload);
            }

            var left = TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64));
            if (_exit is null && (!WaitForBytes(left) || !_reader.Fill(Socket)))
            {
                break;
            }
        }

        return _exit;
    }

    /// <summary>After the end: waits until the keeper has cleaned up and is gone.</summary>
    /// <returns>false when it was killed in it, as far as we can know, or is stuck</returns>
    public bool WaitGone()
    {
        Socket.SetNonBlocking(false);
        while (WaitForKeeper(Patience))
        {
            if (!_reader.Fill(Socket))
            {
                return _keeper is null || _keeper.Pidfd.Wait().ShellCode == 0;
            }

            while (_reader.TryTake(out _, out _))
            {
            }
        }

        return _keeper is not null && Poll.IsReady(_keeper.Pidfd.Fd) && _keeper.Pidfd.Wait().ShellCode == 0;
    }

    public void Dispose()
    {
        Signals?.Dispose();
        Socket.Dispose();
        _keeper?.Dispose();
    }

    internal static byte[] EncodeSize(TerminalSize size)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, size.Rows);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(2), size.Columns);
        return payload;
    }

    private void CatchSignals(SessionStreams? streams)
    {
        if (streams is { ForwardSignals: true })
        {
            Signals ??= new SignalInbox(SignalInbox.Forwarded);
        }
    }

    private bool TakeExit(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == FrameKind.Exited && ExitReport.TryDecode(payload, out ExitReport report))
        {
            _exit = report;
        }

        return _exit is not null;
    }

    /// <summary>Output that comes before the answer is not for a session that asks, so it is dropped.</summary>
    private Errno AskAndWait(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        _writer.Add(kind, payload);
        _writer.TryFlush(Socket);
        while (_exit is null)
        {
            while (_reader.TryTake(out FrameKind answer, out ReadOnlySpan<byte> bytes))
            {
                if (answer == FrameKind.Answer && bytes.Length >= 8 && bytes[0] == (byte)kind)
                {
                    return (Errno)BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
                }

                if (answer == FrameKind.Greeting && Keeper.Greeting.TryDecode(bytes, out Greeting greeting))
                {
                    Greeting = greeting;
                }

                TakeExit(answer, bytes);
            }

            if (_exit is null && !WaitForBytes())
            {
                return Errno.ETIMEDOUT;
            }

            if (_exit is null && !_reader.Fill(Socket))
            {
                break;
            }
        }

        return Errno.ESRCH;
    }

    /// <summary>Something came, or the connection has ended; false: time is over, or a keeper of our own is dead.</summary>
    /// <remarks>The process that a keeper was making holds its end of the connection until it executes, and may wait for us.</remarks>
    private bool WaitForKeeper(TimeSpan? patience)
    {
        if (_keeper is null)
        {
            return patience is null || WaitForBytes(patience);
        }

        PollEntry[] waits = [new(Socket, EpollEvents.Readable), new(_keeper.Pidfd.Fd, EpollEvents.Readable)];
        return Poll.Wait(waits, patience) && waits[0].Ready != EpollEvents.None;
    }

    private bool WaitForBytes(TimeSpan? patience = null) =>
        Poll.Wait([new PollEntry(Socket, EpollEvents.Readable)], patience ?? Patience);

    private static KeeperStart Broken(string text) => new(0, new KeeperFailure(Errno.None, -1, -1, text));
}
