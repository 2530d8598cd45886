// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Ssh;

/// <summary>A socket of ours where a <see cref="LentAgent"/> is to be asked, by as much as <see cref="AgentProtocol"/> allows: a real
/// agent is never met itself, which would also refuse the user that a container's root is for the host.</summary>
internal sealed class AgentSocket : IDisposable
{
    private const int MaxConnections = 64;
    private const int Backlog = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly LentAgent _agent;
    private readonly Fd _folder;
    private readonly byte[] _name;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    private AgentSocket(LentAgent agent, Fd folder, byte[] name, Socket listener)
    {
        (_agent, _folder, _name, _listener) = (agent, folder, name, listener);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>On the host.</summary>
    public string Path => $"{Encoding.UTF8.GetString(_folder.HostPathNow())}/{Encoding.ASCII.GetString(_name)}";

    /// <summary>The same for a child of ours, however long <see cref="Path"/> is.</summary>
    public string ShortPath => Encoding.ASCII.GetString(ProcPath.ForChildren(_folder, _name));

    /// <summary>Listens until Dispose.</summary>
    /// <param name="agent">lent</param>
    /// <param name="folder">of nobody but us; lent</param>
    /// <param name="uid">of who may connect, with its group</param>
    /// <param name="gid">the same</param>
    /// <param name="mode">writing is connecting</param>
    public static AgentSocket Listen(LentAgent agent, Fd folder, uint uid = 0, uint gid = 0, uint mode = 0b110_000_000)
    {
        byte[] name = AtomicFile.TemporaryName();
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(Encoding.ASCII.GetString(ProcPath.In(folder, name))));
            folder.SetOwner(name, uid, gid);
            folder.SetMode(name, mode);
            listener.Listen(Backlog);
            return new AgentSocket(agent, folder, name, listener);
        }
        catch
        {
            listener.Dispose();
            folder.TryUnlink(name);
            throw;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _accepting.GetAwaiter().GetResult();
        _listener.Dispose();
        _folder.TryUnlink(_name);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        while (await TryAcceptAsync() is { } client)
        {
            served.RemoveAll(static one => one.IsCompleted);
            served.Add(Task.Run(() => ServeAsync(client), CancellationToken.None));
            if (served.Count == MaxConnections)
            {
                await Task.WhenAny(served);
            }
        }

        await Task.WhenAll(served);
    }

    /// <summary>Null at the end.</summary>
    private async Task<Socket?> TryAcceptAsync()
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (SocketException)
            {
                // a client that is gone already, or no descriptors for the moment
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var held = client;
            await using var stream = new NetworkStream(client);
            await using NetworkStream? real = await ConnectAsync();
            while (await ReadAsync(stream) is { } request)
            {
                byte[] answer = !AgentProtocol.IsAllowed(request) ? AgentProtocol.Failure
                    : real is null ? AgentProtocol.Answer(_agent.Keys, request)
                    : await AskAsync(real, request);
                await WriteAsync(stream, answer);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // gone, or talking nonsense: to whoever asked, the end of the connection says it
        }
    }

    private async Task<NetworkStream?> ConnectAsync()
    {
        if (_agent.Socket is not { } path)
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), _end.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<byte[]> AskAsync(NetworkStream real, byte[] request)
    {
        await WriteAsync(real, request);
        return await ReadAsync(real) ?? throw new IOException("the agent ended");
    }

    /// <summary>Null at the end.</summary>
    private async Task<byte[]?> ReadAsync(NetworkStream stream)
    {
        byte[] length = new byte[sizeof(uint)];
        if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, _end.Token) < length.Length)
        {
            return null;
        }

        uint bytes = BinaryPrimitives.ReadUInt32BigEndian(length);
        if (bytes is 0 or > AgentProtocol.MaxMessage)
        {
            throw new IOException("a message of a length that there is not");
        }

        byte[] message = new byte[bytes];
        await stream.ReadExactlyAsync(message, _end.Token);
        return message;
    }

    private async Task WriteAsync(NetworkStream stream, byte[] message)
    {
        byte[] framed = new byte[sizeof(uint) + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(framed, (uint)message.Length);
        message.CopyTo(framed, sizeof(uint));
        await stream.WriteAsync(framed, _end.Token);
    }
}
