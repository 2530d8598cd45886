// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>A connection to a keeper.</summary>
/// <remarks>Synchronous and for one thread. Disposing it lets the container run on.</remarks>
internal sealed class KeeperSession : IDisposable
{
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

    /// <summary>What the keeper said first; null before <see cref="WaitStarted"/> or <see cref="WaitGreeting"/>.</summary>
    public Greeting? Greeting { get; private set; }

    /// <summary>Waits until the container runs or could not be started. For the starter.</summary>
    /// <param name="streams">those of the later <see cref="Pump"/>: its signals are caught from now on already</param>
    public KeeperStart WaitStarted(SessionStreams? streams = null)
    {
        if (streams is { ForwardSignals: true })
        {
            Signals ??= new SignalInbox(SignalInbox.Forwarded);
        }

        while (true)
        {
            while (_reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                switch (kind)
                {
                    case FrameKind.Greeting:
                        Greeting = Keeper.Greeting.TryDecode(payload, out Greeting greeting) ? greeting : null;
                        break;
                    case FrameKind.Started when payload.Length >= 4:
                        return new KeeperStart(BinaryPrimitives.ReadInt32LittleEndian(payload), null);
                    case FrameKind.Failed when payload.Length >= 12:
                        return new KeeperStart(0, DecodeFailure(payload));
                    default:
                        return Broken($"frame {(byte)kind} before the start");
                }
            }

            if (!_reader.Fill(Socket))
            {
                return Broken("the keeper died");
            }
        }
    }

    /// <summary>Waits for the greeting of a keeper that was connected to; null when it died.</summary>
    public Greeting? WaitGreeting()
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
            else if (!_reader.Fill(Socket))
            {
                return null;
            }
        }

        return Greeting;
    }

    /// <summary>Asks to see the container's output from now on. The starter is attached by its order.</summary>
    public void Attach(OutputFlags outputs) => Ask(FrameKind.Attach, [(byte)outputs]);

    /// <summary>Sends a signal to the main process; ESRCH when it has ended.</summary>
    public Errno Signal(int signal)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, signal);
        return AskAndWait(FrameKind.Signal, payload);
    }

    /// <summary>Changes the size of the container's terminal; ENOTTY when it has none.</summary>
    public Errno Resize(TerminalSize size) => AskAndWait(FrameKind.Resize, EncodeSize(size));

    /// <summary>Copies streams and signals until the container ends, the user detaches, or the keeper vanishes.</summary>
    public SessionEnd Pump(SessionStreams streams)
    {
        if (_exit is { } known)
        {
            return new SessionEnd(known, false);
        }

        if (streams.ForwardSignals)
        {
            Signals ??= new SignalInbox(SignalInbox.Forwarded);
        }

        using var pump = new SessionPump(this, streams);
        return pump.Run();
    }

    /// <summary>Waits for the end of the container; null when the keeper vanished without a report.</summary>
    public ExitReport? WaitExit() => Pump(new SessionStreams { ForwardSignals = false }).Exit;

    /// <summary>After the end: waits until the keeper has cleaned up and is gone.</summary>
    public void WaitGone()
    {
        Socket.SetNonBlocking(false);
        while (_reader.Fill(Socket))
        {
            while (_reader.TryTake(out _, out _))
            {
            }
        }

        _keeper?.Pidfd.Wait();
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

    private void Ask(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        _writer.Add(kind, payload);
        _writer.TryFlush(Socket);
    }

    /// <summary>Output that comes before the answer is not for a session that asks, so it is dropped.</summary>
    private Errno AskAndWait(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        Ask(kind, payload);
        while (_exit is null)
        {
            while (_reader.TryTake(out FrameKind answer, out ReadOnlySpan<byte> bytes))
            {
                switch (answer)
                {
                    case FrameKind.Answer when bytes.Length >= 8 && bytes[0] == (byte)kind:
                        return (Errno)BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
                    case FrameKind.Exited when ExitReport.TryDecode(bytes, out ExitReport report):
                        _exit = report;
                        break;
                }
            }

            if (!_reader.Fill(Socket))
            {
                break;
            }
        }

        return Errno.ESRCH;
    }

    private static KeeperFailure DecodeFailure(ReadOnlySpan<byte> payload) => new(
        (Errno)BinaryPrimitives.ReadInt32LittleEndian(payload),
        BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(payload[8..]),
        Encoding.UTF8.GetString(payload[12..]));

    private static KeeperStart Broken(string text) => new(0, new KeeperFailure(Errno.None, -1, -1, text));
}
