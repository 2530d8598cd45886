// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Keeper.Tests.Names;
using Tare.Keeper.Tests.Relay;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests;

/// <summary>The frame that changes what a keeper serves, over its real socket, from a client of another thread.</summary>
public sealed class KeptNetworkTests : IDisposable
{
    private const int A = 1;

    private readonly NameFolder _folder = new();
    private readonly LoopThread _thread = new();
    private readonly Control _control;
    private readonly Clients _clients;
    private readonly Socket _target = RelayedPorts.Listen();
    private readonly List<Fd> _given = [];

    public KeptNetworkTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a keeper serves root alone");
        _folder.Write("app", NameFileTests.Names());
        _clients = new Clients(_thread.Loop);
        var execs = new Execs(_thread.Loop, _clients, new Cgroup([]), []);
        _control = new Control(_thread.Loop, _clients, execs, new ProcessOrder())
        {
            MakeNetwork = () => new KeptNetwork(_thread.Loop, []),
        };
        _thread.Do(() => _control.Listen(_folder.Fd));
    }

    public void Dispose()
    {
        _thread.Do(_control.Dispose);
        _thread.Do(_clients.Dispose);
        _thread.Dispose();
        _control.Dispose();
        _clients.Dispose();
        _folder.Dispose();
        _target.Dispose();
        _given.ForEach(fd => fd.Dispose());
    }

    [Fact]
    public void Names_and_ports_come_stay_and_go_as_the_last_order_says()
    {
        (Fd udp, Fd tcp, Fd port) = (Give(isUdp: true), Give(), Give());
        ServeOrder order = new()
        {
            Names = new NameOrder { Udp = 0, Tcp = 1, Files = [_folder.Path("app")] },
            Relays = [Relay("a") with { Socket = 2 }],
        };
        Assert.Equal(Errno.None, Serve(order, udp, tcp, port));
        Assert.Equal(["172.18.0.2"], Ask(udp)!);
        Assert.True(Reaches(port));

        Fd second = Give();
        order = order with { Names = new NameOrder { Files = [_folder.Path("none")], IsInternal = true }, Relays = [Relay("a"), Relay("b") with { Socket = 0 }] };
        Assert.Equal(Errno.None, Serve(order, second));
        Assert.Empty(Ask(udp)!);
        Assert.True(Reaches(port) && Reaches(second));

        Assert.Equal(Errno.None, Serve(new ServeOrder { Relays = [Relay("b")] }));
        Close(udp, tcp, port, second);
        Assert.Null(Ask(udp));
        Assert.False(Reaches(port));
        Assert.True(Reaches(second));

        Assert.Equal(Errno.None, Serve(new ServeOrder()));
        Assert.False(Reaches(second));
    }

    [Fact]
    public void What_is_neither_given_nor_there_is_refused_and_changes_nothing()
    {
        Fd port = Give();
        Fd other = Give();
        Assert.Equal(Errno.None, Serve(new ServeOrder { Relays = [Relay("a") with { Socket = 0 }] }, port));

        Assert.Equal(Errno.ENOENT, Serve(new ServeOrder { Relays = [Relay("b")] }));
        Assert.Equal(Errno.ENOENT, Serve(new ServeOrder { Relays = [Relay("a") with { IsUdp = true }] }));
        Assert.Equal(Errno.ENOENT, Serve(new ServeOrder { Names = new NameOrder() }));
        Assert.Equal(Errno.ENOENT, Serve(new ServeOrder { Relays = [Relay("b") with { Socket = 0 }, Relay("c")] }, other));
        Assert.Equal(Errno.EINVAL, Serve(new ServeOrder { Relays = [Relay("a"), Relay("a") with { Socket = 0 }] }, other));
        Close(other);

        Assert.True(Reaches(port));
        Assert.False(Reaches(other));
    }

    [Fact]
    public void More_ports_than_a_message_carries()
    {
        List<Fd> ports = [.. Enumerable.Range(0, 100).Select(_ => Give())];

        Assert.Equal(Errno.None, Serve(
            new ServeOrder { Relays = [.. ports.Select((_, i) => Relay($"p{i}") with { Socket = i })] }, [.. ports]));

        Assert.All(ports, port => Assert.True(Reaches(port)));
    }

    [Fact]
    public void A_keeper_that_is_not_there_or_closes_says_so()
    {
        using var empty = new NameFolder();
        Assert.Equal(Errno.ESRCH, KeeperClient.Serve(empty.Fd, new ServeOrder(), []));
        Fd port = Give();
        Assert.Equal(Errno.None, Serve(new ServeOrder { Relays = [Relay("a") with { Socket = 0 }] }, port));
        using KeeperSession early = KeeperClient.TryConnect(_folder.Fd)!;
        Assert.NotNull(early.WaitGreeting());

        _thread.Do(_control.StopListening);
        Close(port);

        Assert.Equal(Errno.ESRCH, ServeMessage.Send(early, new ServeOrder(), []));
        Assert.False(Reaches(port));
    }

    [Fact]
    public void Applied_before_a_process_runs_it_owns_what_is_given()
    {
        Fd port = Give();
        Fd unused = Give();
        Fd[] theirs = [port.Duplicate(), unused.Duplicate()];
        _thread.Do(() => _control.Network.Apply(new ServeOrder { Relays = [Relay("a") with { Socket = 0 }] }, theirs));

        Assert.True(Reaches(port));
        Assert.False(theirs[0].IsClosed);
        Assert.True(theirs[1].IsClosed);
        Assert.Throws<LinuxException>(() => _thread.Do(() => _control.Network.Apply(new ServeOrder { Names = new NameOrder() }, [unused.Duplicate()])));
        Assert.Equal(Errno.None, Serve(new ServeOrder()));
        Assert.True(theirs[0].IsClosed);
    }

    private Errno Serve(ServeOrder order, params Fd[] given) => KeeperClient.Serve(_folder.Fd, order, given);

    private RelayOrder Relay(string id) => new(id, InetEnd.Of((IPEndPoint)_target.LocalEndPoint!));

    private readonly Dictionary<Fd, InetEnd> _ends = [];

    private Fd Give(bool isUdp = false)
    {
        Fd fd = isUdp ? InetSocket.BindDatagram(RelayedPorts.Anywhere) : InetSocket.Listen(RelayedPorts.Anywhere);
        _ends.Add(fd, InetSocket.LocalEnd(fd));
        _given.Add(fd);
        return fd;
    }

    /// <summary>Only the keeper has them from now on.</summary>
    private static void Close(params Fd[] fds) => Array.ForEach(fds, fd => fd.Dispose());

    private bool Reaches(Fd port)
    {
        try
        {
            using Socket client = RelayedPorts.Connect(new IPEndPoint(IPAddress.Loopback, _ends[port].Port));
            using Socket server = _target.Accept();
            client.Send("x"u8);
            return RelayedPorts.Read(server, 1).Length == 1;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    /// <summary>Null: nobody answers.</summary>
    private string[]? Ask(Fd udp)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, _ends[udp].Port);
        socket.Send(Wire.Query("web", A));
        try
        {
            return ServedNames.Receive(socket, 2000) is { } answer ? Wire.Records(answer) : null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return null;
        }
    }
}
