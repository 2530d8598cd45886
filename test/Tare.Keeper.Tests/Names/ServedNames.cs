// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Names;

/// <summary>A name server on a loop of its own, and somebody who asks it.</summary>
internal sealed class ServedNames : IDisposable
{
    private static readonly InetEnd Anywhere = new(new InetAddress(0x7f000001, false), 0);

    private readonly NameFolder _folder = new();
    private readonly LoopThread _thread = new();
    private readonly string _file;

    public ServedNames(TimeSpan? patience = null, TimeSpan? idle = null)
    {
        _file = _folder.Write("app", NameFileTests.Names());
        Fd udp = InetSocket.BindDatagram(Anywhere);
        Fd tcp = InetSocket.Listen(Anywhere);
        Udp = End(udp);
        Tcp = End(tcp);
        Server = _thread.Do(() => new NameServer(_thread.Loop, patience, idle));
        _thread.Do(() => Server.Set(new NameOrder { Files = [_file] }, [], udp, tcp));
    }

    public NameServer Server { get; }

    public IPEndPoint Udp { get; }

    public IPEndPoint Tcp { get; }

    public LoopThread Loop => _thread;

    public NameFolder Folder => _folder;

    /// <summary>Only what the server is told to know changes.</summary>
    public void Set(Func<NameOrder, NameOrder> change) =>
        _thread.Do(() => Server.Set(change(new NameOrder { Files = [_file] }), [], null, null));

    public void AskUpstream(params InetEnd[] servers) => Set(order => order with { Upstreams = servers });

    /// <summary>Null: no answer within the time.</summary>
    public byte[]? Ask(byte[] query, int milliseconds = 10_000)
    {
        using Socket socket = Open();
        socket.Send(query);
        return Receive(socket, milliseconds);
    }

    public Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(Udp);
        return socket;
    }

    public static byte[]? Receive(Socket socket, int milliseconds = 10_000)
    {
        if (!socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectRead))
        {
            return null;
        }

        byte[] answer = new byte[65536];
        return answer[..socket.Receive(answer)];
    }

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(Tcp);
        return socket;
    }

    public void Dispose()
    {
        _thread.Do(Server.Dispose);
        _thread.Dispose();
        _folder.Dispose();
    }

    private static IPEndPoint End(Fd socket) => new(IPAddress.Loopback, InetSocket.LocalEnd(socket).Port);
}
