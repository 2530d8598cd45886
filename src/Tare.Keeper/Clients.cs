// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>Everybody who is connected to this keeper: what they see, and that nobody waits for a slow one.</summary>
/// <remarks>
/// Who is slow: the starter of a process holds it (nothing is read while more than <see cref="StarterLimit"/> waits for
/// it, as with docker); anybody else is cut off at <see cref="ClientLimit"/> and may attach again. Nobody ever sees
/// output out of order or with a hole in it.
/// </remarks>
internal sealed class Clients(Loop loop) : IDisposable
{
    private const int StarterLimit = 256 * 1024;
    private const int ClientLimit = 1024 * 1024;

    private readonly List<Client> _clients = [];

    public int Count => _clients.Count;

    /// <summary>Called when somebody left.</summary>
    public Action? Left { get; set; }

    /// <summary>Clients with frames that their sockets have not taken.</summary>
    public bool HasUnsent => _clients.Exists(client => client.Writer.Pending > 0);

    /// <summary>The starter is connected; one that detached on purpose counts as gone.</summary>
    public bool HasStarter => _clients.Exists(client => client.IsStarter && !client.HasDetached);

    /// <summary>Takes over a connection and greets.</summary>
    /// <param name="client">owned from now on</param>
    /// <param name="greeting">its first frame</param>
    /// <param name="ready">called when something came; false: the connection is of no use any more</param>
    public void Add(Client client, Greeting greeting, Func<Client, bool> ready)
    {
        client.Socket.SetNonBlocking(true);
        client.Watch = loop.Watch(client.Socket, events => Ready(client, events, ready));
        _clients.Add(client);
        client.Writer.Add(FrameKind.Greeting, greeting.Encode());
        try
        {
            Flush(client);
        }
        catch (LinuxException)
        {
            // it would wait for ever for an answer
            Drop(client);
            throw;
        }
    }

    /// <summary>Sends output to all who see it.</summary>
    public void Publish(KeptProcess process, FrameKind kind, ReadOnlySpan<byte> bytes)
    {
        OutputFlags which = kind == FrameKind.Stderr ? OutputFlags.Stderr : OutputFlags.Stdout;
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            Client client = _clients[i];
            if (client.Target != process || (client.Sees & which) == 0)
            {
                continue;
            }

            client.Writer.Add(kind, bytes);
            Flush(client);
            if (!client.Holds && client.Writer.Pending > ClientLimit)
            {
                Drop(client);
            }
        }

        HoldIfSlow(process);
    }

    /// <summary>Sends a frame to everybody who speaks for this process.</summary>
    public void Tell(KeptProcess? process, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            if (_clients[i].Target == process)
            {
                _clients[i].Writer.Add(kind, payload);
                Flush(_clients[i]);
            }
        }
    }

    /// <summary>Whoever follows the log hears once that it has grown, however often it did since it last listened.</summary>
    public void TellLogGrew()
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            Client client = _clients[i];
            if (client.Follows)
            {
                client.HasNews = true;
                Flush(client);
            }
        }
    }

    /// <summary>From now on its clients speak for another process; those who only waited for the first included.</summary>
    public void Retarget(KeptProcess? from, KeptProcess? to) =>
        _clients.FindAll(client => client.Target == from).ForEach(client => client.Target = to);

    /// <summary>True when somebody else than this client sees the output of its process.</summary>
    public bool IsSeen(KeptProcess process, OutputFlags which) =>
        _clients.Exists(client => client.Target == process && (client.Sees & which) != 0);

    /// <summary>Sends what can be sent; those whose sockets are full wake the loop up.</summary>
    public void FlushAll()
    {
        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            Flush(_clients[i]);
        }
    }

    /// <summary>Cuts off everybody but the starter.</summary>
    public void DropOthers() => _clients.FindAll(client => !client.IsStarter).ForEach(Drop);

    public void Drop(Client client)
    {
        if (client.IsGone)
        {
            return;
        }

        client.IsGone = true;
        client.Watch!.Remove();
        _clients.Remove(client);
        client.DropFds();
        client.Socket.Dispose();
        if (client is { Types: true, HasDetached: false, Target: { Order.InputOnce: true } process })
        {
            // as docker does for `run -i`: the input lives as long as the terminal or pipe that it came from
            process.Streams.Input.End();
        }

        HoldIfSlow(client.Target);
        Left?.Invoke();
    }

    public void Flush(Client client)
    {
        if (client.IsGone)
        {
            return;
        }

        if (client.HasNews && client.Writer.Pending == 0)
        {
            client.HasNews = false;
            client.Writer.Add(FrameKind.LogGrew, default);
        }

        if (!client.Writer.TryFlush(client.Socket))
        {
            Drop(client);
            return;
        }

        client.Watch!.Wanted = EpollEvents.Readable
            | (client.Writer.Pending > 0 ? EpollEvents.Writable : EpollEvents.None);
    }

    public void Dispose() => _clients.ToList().ForEach(Drop);

    private void Ready(Client client, EpollEvents events, Func<Client, bool> ready)
    {
        if ((events & EpollEvents.Writable) != 0)
        {
            Flush(client);
            HoldIfSlow(client.Target);
        }

        if (client.IsGone || (events & ~EpollEvents.Writable) == 0)
        {
            return;
        }

        if (!ready(client))
        {
            Drop(client);
        }

        Flush(client);
    }

    private void HoldIfSlow(KeptProcess? process) => process?.Streams.Hold(_clients.Exists(
        client => client.Target == process && client.Holds && client.Writer.Pending > StarterLimit));
}
