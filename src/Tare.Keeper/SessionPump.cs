// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>The client's side of an attached session: one poll loop over socket, input and signals.</summary>
internal sealed class SessionPump : IDisposable
{
    private readonly KeeperSession _session;
    private readonly SessionStreams _streams;
    private readonly byte[] _typed = new byte[Protocol.MaxPayload];
    private readonly byte[] _filtered = new byte[Protocol.MaxPayload];
    private readonly SignalInbox? _signals;
    private readonly TerminalMode? _mode;
    private readonly DetachKeys? _detachKeys;
    private Fd? _input;
    private OutputFlags _gone;
    private int _notTaken;
    private SessionEnd? _end;

    public SessionPump(KeeperSession session, SessionStreams streams)
    {
        _session = session;
        _streams = streams;
        _input = streams.Input;
        _session.Socket.SetNonBlocking(true);
        if (streams.Terminal is { } terminal)
        {
            _detachKeys = streams.DetachKeys.Count > 0 ? new DetachKeys([.. streams.DetachKeys]) : null;
            _mode = streams.Input is null ? null : TerminalMode.MakeRaw(terminal);
        }

        _signals = streams.ForwardSignals ? session.Signals : null;
    }

    public SessionEnd Run()
    {
        SendSize();
        TakeFrames();
        var entries = new PollEntry[3];
        while (_end is null)
        {
            if (!_session.Writer.TryFlush(_session.Socket))
            {
                // the report may still be on its way to us
                TakeFrames();
            }

            EpollEvents socket = EpollEvents.Readable;
            socket |= _session.Writer.Pending > 0 ? EpollEvents.Writable : EpollEvents.None;
            bool mayType = _notTaken < Protocol.InputWindow && _session.Writer.Pending == 0;
            entries[0] = new PollEntry(_session.Socket, socket);
            entries[1] = new PollEntry(_input, mayType ? EpollEvents.Readable : EpollEvents.None);
            entries[2] = new PollEntry(_signals?.Fd, EpollEvents.Readable);
            Poll.Wait(entries);
            if (entries[2].Ready != EpollEvents.None)
            {
                SendSignals();
            }

            if (entries[1].Ready != EpollEvents.None)
            {
                SendInput();
            }

            if (entries[0].Ready != EpollEvents.None && !Receive())
            {
                _end ??= new SessionEnd(null, false);
            }
        }

        return _end.Value;
    }

    public void Dispose() => _mode?.Dispose();

    private bool Receive()
    {
        bool alive = _session.Reader.Fill(_session.Socket);
        TakeFrames();
        return alive;
    }

    private void TakeFrames()
    {
        while (_end is null && _session.Reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
        {
            switch (kind)
            {
                case FrameKind.Stdout:
                    Put(_streams.Output, OutputFlags.Stdout, payload);
                    break;
                case FrameKind.Stderr:
                    Put(_streams.Error, OutputFlags.Stderr, payload);
                    break;
                case FrameKind.InputTaken when payload.Length >= 4:
                    _notTaken -= BinaryPrimitives.ReadInt32LittleEndian(payload);
                    break;
                case FrameKind.Exited when ExitReport.TryDecode(payload, out ExitReport report):
                    _end = new SessionEnd(report, false);
                    break;
            }
        }
    }

    private void Put(Fd? to, OutputFlags which, ReadOnlySpan<byte> bytes)
    {
        if (to is null || (_gone & which) != 0)
        {
            return;
        }

        try
        {
            WriteAll(to, bytes);
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.EIO or Errno.ENOSPC)
        {
            _gone |= which;
            _session.Writer.Add(FrameKind.OutputGone, [(byte)which]);
            _end = _streams.LeavesBroken ? new SessionEnd(null, false, Broken: true) : _end;
        }
    }

    /// <summary>Our own output may be a pipe that somebody else made non-blocking.</summary>
    private static void WriteAll(Fd to, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (to.TryWrite(bytes) is { } written)
            {
                bytes = bytes[written..];
                continue;
            }

            Poll.Wait([new PollEntry(to, EpollEvents.Writable)]);
        }
    }

    private void SendInput()
    {
        int room = Math.Min(Protocol.InputWindow - _notTaken, _typed.Length - DetachKeys.MaxKeys);
        int? read;
        try
        {
            read = _input!.TryRead(_typed.AsSpan(0, room));
        }
        catch (LinuxException e) when (e.Errno is Errno.EIO or Errno.EISDIR)
        {
            // the terminal hung up
            read = 0;
        }

        if (read == 0)
        {
            _input = null;
            _session.Writer.Add(FrameKind.StdinEnd, default);
        }
        else if (read is { } length)
        {
            Send(_typed.AsSpan(0, length));
        }
    }

    private void Send(ReadOnlySpan<byte> typed)
    {
        bool detached = false;
        if (_detachKeys is not null)
        {
            detached = _detachKeys.Filter(typed, _filtered, out int length);
            typed = _filtered.AsSpan(0, length);
        }

        if (!typed.IsEmpty)
        {
            _session.Writer.Add(FrameKind.Stdin, typed);
            _notTaken += typed.Length;
        }

        if (detached)
        {
            _session.Writer.Add(FrameKind.Detach, default);
            _session.Socket.SetNonBlocking(false);
            _session.Writer.TryFlush(_session.Socket);
            _end = new SessionEnd(null, true);
        }
    }

    private void SendSignals()
    {
        Span<byte> payload = stackalloc byte[4];
        while (_signals!.Take() is var signal and not 0)
        {
            if (signal == Signals.WindowChanged)
            {
                SendSize();
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(payload, signal);
                _session.Writer.Add(FrameKind.Signal, payload);
            }
        }
    }

    private void SendSize()
    {
        if (_streams.Terminal is { } terminal && TerminalMode.Size(terminal) is { } size)
        {
            _session.Writer.Add(FrameKind.Resize, KeeperSession.EncodeSize(size));
        }
    }
}
