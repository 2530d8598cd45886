// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>The keeper's clients: who they are, what they ask, what they see.</summary>
/// <remarks>
/// Who is slow: the starter holds the container (nothing is read while more than <see cref="StarterLimit"/> waits for
/// it, as with docker); anybody else is cut off at <see cref="ClientLimit"/> and may attach again. Nobody ever sees
/// output out of order or with a hole in it.
/// </remarks>
internal sealed class Control : IDisposable
{
    private const int StarterLimit = 256 * 1024;
    private const int ClientLimit = 1024 * 1024;

    private readonly List<Client> _clients = [];
    private readonly Loop _loop;
    private readonly KeeperOrder _order;
    private Fd? _listener;
    private Watch? _listening;

    public Control(Loop loop, KeeperOrder order)
    {
        _loop = loop;
        _order = order;
    }

    /// <summary>Set once the container runs.</summary>
    public Launched? Container { get; set; }

    public Streams? Streams { get; set; }

    /// <summary>Clients with frames that their sockets have not taken.</summary>
    public bool HasUnsent => _clients.Exists(client => client.Writer.Pending > 0);

    /// <summary>The starter is connected; one that detached on purpose counts as gone.</summary>
    public bool HasStarter => _clients.Exists(client => client.IsStarter && !client.HasDetached);

    /// <summary>Listens in the run folder.</summary>
    public void Listen(Fd runFolder)
    {
        _listener = UnixSocket.Listen(runFolder, Protocol.SocketName, SocketKind.Stream);
        _listener.SetNonBlocking(true);
        _listening = _loop.Watch(_listener, _ => Accept());
        _listening.Wanted = EpollEvents.Readable;
    }

    /// <summary>Takes over a connection.</summary>
    public void Add(Fd socket, bool isStarter)
    {
        socket.SetNonBlocking(true);
        var client = new Client(socket, isStarter);
        client.Watch = _loop.Watch(socket, events => Ready(client, events));
        client.Sees = isStarter && _order.AttachStarter ? OutputFlags.Both : OutputFlags.None;
        _clients.Add(client);
        var greeting = new Greeting(Protocol.Version, _order.Terminal, _order.OpenInput, Container?.Pid ?? 0);
        client.Writer.Add(FrameKind.Greeting, greeting.Encode());
        Flush(client);
    }

    /// <summary>Sends output to all who see it.</summary>
    public void Publish(FrameKind kind, ReadOnlySpan<byte> bytes)
    {
        OutputFlags which = kind == FrameKind.Stderr ? OutputFlags.Stderr : OutputFlags.Stdout;
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            Client client = _clients[i];
            if ((client.Sees & which) == 0)
            {
                continue;
            }

            client.Writer.Add(kind, bytes);
            Flush(client);
            if (!client.IsStarter && client.Writer.Pending > ClientLimit)
            {
                Drop(client);
            }
        }

        HoldIfSlow();
    }

    /// <summary>Sends a frame to everybody.</summary>
    public void Tell(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            _clients[i].Writer.Add(kind, payload);
            Flush(_clients[i]);
        }
    }

    /// <summary>Sends what can be sent; those whose sockets are full wake the loop up.</summary>
    public void FlushAll()
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            Flush(_clients[i]);
        }
    }

    /// <summary>Nobody new is served.</summary>
    public void StopListening()
    {
        _listening?.Remove();
        _listening = null;
    }

    /// <summary>Cuts off everybody but the starter.</summary>
    public void DropOthers() => _clients.FindAll(client => !client.IsStarter).ForEach(Drop);

    public void Dispose()
    {
        StopListening();
        _listener?.Dispose();
        foreach (Client client in _clients.ToArray())
        {
            Drop(client);
        }
    }

    private void Accept()
    {
        while (UnixSocket.Accept(_listener!) is { } socket)
        {
            // the folder's mode keeps others out; this holds even if somebody opened it up
            if (_clients.Count >= Protocol.MaxClients || UnixSocket.Peer(socket).Uid != 0)
            {
                socket.Dispose();
                continue;
            }

            Add(socket, isStarter: false);
        }
    }

    private void Ready(Client client, EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0)
        {
            Flush(client);
            HoldIfSlow();
        }

        if (client.IsGone || (events & ~EpollEvents.Writable) == 0)
        {
            return;
        }

        bool alive = client.Reader.Fill(client.Socket);
        try
        {
            while (!client.IsGone && client.Reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                Obey(client, kind, payload);
            }
        }
        catch (FormatException)
        {
            alive = false;
        }

        if (!alive)
        {
            Drop(client);
        }
        else if (!client.IsGone)
        {
            Flush(client);
        }
    }

    private void Obey(Client client, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Stdin:
                if (Streams?.Input.TryAdd(client, payload) == false)
                {
                    Drop(client);
                }

                break;
            case FrameKind.StdinEnd:
                Streams?.Input.End();
                break;
            case FrameKind.Attach when payload.Length >= 1:
                client.Sees = (OutputFlags)payload[0] & OutputFlags.Both;
                break;
            case FrameKind.OutputGone when payload.Length >= 1:
                LoseOutput(client, (OutputFlags)payload[0]);
                break;
            case FrameKind.Resize when payload.Length >= 4:
                client.Answer(kind, Resize(payload));
                break;
            case FrameKind.Signal when payload.Length >= 4:
                client.Answer(kind, Signal(BinaryPrimitives.ReadInt32LittleEndian(payload)));
                break;
            case FrameKind.Detach:
                client.HasDetached = true;
                client.Sees = OutputFlags.None;
                break;
            default:
                client.Answer(kind, Errno.ENOSYS);
                break;
        }
    }

    private Errno Resize(ReadOnlySpan<byte> payload) => Streams?.Resize(new TerminalSize(
        BinaryPrimitives.ReadUInt16LittleEndian(payload),
        BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]))) ?? Errno.ESRCH;

    private Errno Signal(int signal) => signal is < 1 or > Signals.Last ? Errno.EINVAL
        : Container?.Pidfd.TrySend(signal) == true ? Errno.None
        : Errno.ESRCH;

    /// <summary>What only the starter watched is not worth running for: <c>tare run … | head</c> ends.</summary>
    private void LoseOutput(Client client, OutputFlags which)
    {
        client.Sees &= ~which;
        if (client.IsStarter && !_clients.Exists(other => (other.Sees & which) != 0))
        {
            Streams?.EndOutput(which & OutputFlags.Both);
        }
    }

    private void Flush(Client client)
    {
        if (client.IsGone)
        {
            return;
        }

        if (!client.Writer.TryFlush(client.Socket))
        {
            Drop(client);
            return;
        }

        client.Watch!.Wanted = EpollEvents.Readable
            | (client.Writer.Pending > 0 ? EpollEvents.Writable : EpollEvents.None);
    }

    private void HoldIfSlow() =>
        Streams?.Hold(_clients.Exists(client => client.IsStarter && client.Writer.Pending > StarterLimit));

    private void Drop(Client client)
    {
        if (client.IsGone)
        {
            return;
        }

        client.IsGone = true;
        client.Watch!.Remove();
        _clients.Remove(client);
        client.Socket.Dispose();
        if (client.IsStarter && !client.HasDetached)
        {
            // as docker does for `run -i`: the input lives as long as the terminal or pipe that it came from
            Streams?.Input.End();
        }

        HoldIfSlow();
    }
}
