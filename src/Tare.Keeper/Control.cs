// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>The keeper's socket: who may connect, and what each frame of a client makes happen.</summary>
internal sealed class Control : IDisposable
{
    private readonly Loop _loop;
    private readonly Clients _clients;
    private readonly Execs _execs;
    private readonly ProcessOrder _main;
    private Fd? _listener;
    private Watch? _listening;
    private KeptNetwork? _network;
    private bool _isClosed;

    public Control(Loop loop, Clients clients, Execs execs, ProcessOrder main)
    {
        _loop = loop;
        _clients = clients;
        _execs = execs;
        _main = main;
    }

    /// <summary>The container's first process, once there is one.</summary>
    public KeptProcess? Main { get; set; }

    /// <summary>What the container has of the network from this keeper.</summary>
    public KeptNetwork Network => _network ??= MakeNetwork();

    /// <summary>Called when it is needed first: most containers need nothing of it.</summary>
    public required Func<KeptNetwork> MakeNetwork { get; init; }

    /// <summary>Null: no log is kept.</summary>
    public LogFile? Log { get; set; }

    /// <summary>Listens in the run folder.</summary>
    public void Listen(Fd runFolder)
    {
        _listener = UnixSocket.Listen(runFolder, Protocol.SocketName, SocketKind.Stream);
        _listener.SetNonBlocking(true);
        _listening = _loop.Watch(_listener, _ => Accept());
        _listening.Wanted = EpollEvents.Readable;
    }

    /// <summary>Takes over the connection of whoever started this keeper.</summary>
    public void AddStarter(Fd socket)
    {
        var client = new Client(socket, isStarter: true)
        {
            Holds = _main.AttachStarter,
            Types = _main.AttachStarter,
            Sees = _main.AttachStarter ? OutputFlags.Both : OutputFlags.None,
        };
        _clients.Add(client, GreetingOf(null), Obey);
    }

    /// <summary>Somebody left, so there is room again.</summary>
    public void ListenAgain()
    {
        if (_listening is not null)
        {
            _listening.Wanted = EpollEvents.Readable;
        }
    }

    /// <summary>Nobody new is served, neither here nor on the network.</summary>
    public void StopListening()
    {
        _isClosed = true;
        _network?.Dispose();
        _network = null;
        _listening?.Remove();
        _listening = null;
    }

    public void Dispose()
    {
        StopListening();
        _listener?.Dispose();
    }

    private Greeting GreetingOf(KeptProcess? process)
    {
        ProcessOrder order = process?.Order ?? _main;
        return new Greeting(Protocol.Version, order.Terminal, order.OpenInput, process is { Runs: true } ? process.Pid : 0);
    }

    private void Accept()
    {
        try
        {
            AcceptAll();
        }
        catch (LinuxException) when (_clients.Count > 0)
        {
            // no descriptors or no memory left: whoever waits is served when somebody leaves, and the loop tries again
            // when there is nobody who could
            _listening!.Wanted = EpollEvents.None;
        }
    }

    private void AcceptAll()
    {
        while (UnixSocket.Accept(_listener!) is { } socket)
        {
            // the folder's mode keeps others out; this holds even if somebody opened it up
            if (_clients.Count >= Protocol.MaxClients || UnixSocket.Peer(socket).Uid != 0)
            {
                socket.Dispose();
                continue;
            }

            _clients.Add(new Client(socket, isStarter: false) { Target = Main }, GreetingOf(Main), Obey);
        }
    }

    /// <summary>False when the connection brings nothing any more, or broke the protocol.</summary>
    private bool Obey(Client client)
    {
        bool alive = client.Reader.Fill(client.Socket, client.Fds);
        try
        {
            while (!client.IsGone && client.Reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                Obey(client, kind, payload);
            }

            return alive && client.Fds.Count <= Protocol.MaxFds;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Obey(Client client, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Stdin:
                Type(client, payload);
                break;
            case FrameKind.StdinEnd when client.Target is { Order.InputOnce: true } process:
                process.Streams.Input.End();
                break;
            case FrameKind.StdinEnd:
                // input of a container in the background stays open for the next who attaches
                break;
            case FrameKind.ListExecs:
                client.Writer.Add(FrameKind.ExecIds, _execs.Ids());
                break;
            case FrameKind.Attach when payload.Length >= 1:
                client.Sees = (OutputFlags)payload[0] & OutputFlags.Both;
                client.Types = ((OutputFlags)payload[0] & OutputFlags.Input) != 0;
                break;
            case FrameKind.OutputGone when payload.Length >= 1:
                LoseOutput(client, (OutputFlags)payload[0] & OutputFlags.Both);
                break;
            case FrameKind.Detach:
                client.HasDetached = true;
                client.Sees = OutputFlags.None;
                break;
            case FrameKind.Exec when payload.Length >= ExecId.Bytes:
                _execs.Start(client, ExecId.Of(payload), Main);
                break;
            default:
                client.Answer(kind, Ask(client, kind, payload));
                break;
        }
    }

    private Errno Ask(Client client, FrameKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        FrameKind.Resize when payload.Length >= 4 => Resize(client, payload),
        FrameKind.Signal when payload.Length >= 4 => Signal(client, BinaryPrimitives.ReadInt32LittleEndian(payload)),
        FrameKind.Select when payload.Length >= ExecId.Bytes => Select(client, ExecId.Of(payload)),
        FrameKind.Update when payload.Length >= 12 => Update(payload),
        FrameKind.Follow => Follow(client),
        FrameKind.Serve => Serve(client),
        _ => Errno.ENOSYS,
    };

    private static Errno Resize(Client client, ReadOnlySpan<byte> payload) =>
        client.Target?.Streams.Resize(new TerminalSize(
            BinaryPrimitives.ReadUInt16LittleEndian(payload),
            BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]))) ?? Errno.ESRCH;

    private static Errno Signal(Client client, int signal) => signal is < 1 or > Signals.Last ? Errno.EINVAL
        : client.Target is { Runs: true } process && process.Pidfd.TrySend(signal) ? Errno.None
        : Errno.ESRCH;

    private Errno Select(Client client, ExecId id)
    {
        if (_execs.Find(id) is { } process)
        {
            client.Target = process;
            client.Writer.Add(FrameKind.Greeting, GreetingOf(process).Encode());
            return Errno.None;
        }

        if (_execs.ExitOf(id) is { } exit)
        {
            client.Target = null;
            client.Writer.Add(FrameKind.Exited, exit.Encode());
            return Errno.None;
        }

        return Errno.ENOENT;
    }

    private Errno Update(ReadOnlySpan<byte> payload)
    {
        var limits = new LogLimits(
            BinaryPrimitives.ReadInt64LittleEndian(payload), BinaryPrimitives.ReadInt32LittleEndian(payload[8..]));
        if (Log is null || limits is not { MaxBytes: > 0, MaxFiles: > 0 })
        {
            return Log is null ? Errno.ENOENT : Errno.EINVAL;
        }

        Log.Limits = limits;
        return Errno.None;
    }

    private Errno Follow(Client client)
    {
        client.Follows = Log is not null;
        return Log is null ? Errno.ENOENT : Errno.None;
    }

    private Errno Serve(Client client)
    {
        List<Fd> fds = [.. client.Fds];
        client.Fds.Clear();
        try
        {
            return _isClosed ? Errno.ESRCH : Network.TryApply(fds);
        }
        finally
        {
            fds.ForEach(fd => fd.Dispose());
        }
    }

    private void Type(Client client, ReadOnlySpan<byte> bytes)
    {
        if (client.Target?.Streams.Input.TryAdd(client, bytes) == false)
        {
            _clients.Drop(client);
        }
    }

    private void LoseOutput(Client client, OutputFlags which)
    {
        client.Sees &= ~which;
        if (client is { Holds: true, Target: { Order.EndsWithOutput: true } process } && !_clients.IsSeen(process, which))
        {
            process.LoseOutput(which);
        }
    }
}
