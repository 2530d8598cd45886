// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Sockets;

namespace Tare.Linux.Tests.Sockets;

public class InetSocketTests
{
    private static readonly InetEnd Anywhere = new(InetAddress.Of(IPAddress.Loopback), 0);

    [Fact]
    public void A_connection_is_accepted_and_both_ends_are_known()
    {
        using Fd listener = InetSocket.Listen(Anywhere);
        Assert.Null(InetSocket.TryAccept(listener, out _));
        using Fd client = InetSocket.Create(false, SocketKind.Stream);
        Assert.Contains(InetSocket.TryConnect(client, InetSocket.LocalEnd(listener)), (Errno[])[Errno.None, Errno.EINPROGRESS]);
        using Fd? server = InetSocket.TryAccept(listener, out InetEnd peer);

        Assert.Equal(InetSocket.LocalEnd(client), peer);
        Assert.Equal(Errno.None, InetSocket.TakeError(client));
        Assert.Null(InetSocket.TryReceive(server!, new byte[1]));
        Assert.Equal(2, InetSocket.TrySend(client, "hi"u8));
        byte[] buffer = new byte[9];
        Assert.Equal(2, InetSocket.TryReceive(server!, buffer));
        InetSocket.ResetOnClose(client);
        client.Dispose();
        Assert.Equal(Errno.ECONNRESET, Assert.Throws<LinuxException>(() => InetSocket.TryReceive(server!, buffer)).Errno);
    }

    [Fact]
    public void A_taken_port_and_a_foreign_address_are_refused()
    {
        using Fd listener = InetSocket.Listen(Anywhere);

        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<LinuxException>(() => InetSocket.Listen(InetSocket.LocalEnd(listener))).Errno);
        Assert.Equal(Errno.EADDRNOTAVAIL, Assert.Throws<LinuxException>(() => InetSocket.BindDatagram(Foreign)).Errno);
    }

    [Fact]
    public void A_transparent_socket_may_have_a_foreign_address()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        using Fd socket = InetSocket.Create(false, SocketKind.Stream);
        InetSocket.SetTransparent(socket, false);
        Assert.Equal(Errno.None, InetSocket.TryBind(socket, Foreign));
        using Fd six = InetSocket.Create(true, SocketKind.Stream);
        InetSocket.SetTransparent(six, true);
        Assert.Equal(Errno.None, InetSocket.TryBind(six, new InetEnd(InetAddress.Of(IPAddress.Parse("2001:db8::7")), 4711)));
    }

    [Fact]
    public void Datagrams_tell_where_they_were_sent_to_and_answers_come_from_there()
    {
        using Fd server = InetSocket.BindDatagram(new InetEnd(new InetAddress(0, false), 0));
        ushort port = InetSocket.LocalEnd(server).Port;
        var asked = new InetEnd(InetAddress.Of(IPAddress.Parse("127.0.0.9")), port);
        using Fd client = InetSocket.BindDatagram(Anywhere);
        byte[] buffer = new byte[9];

        Assert.True(InetSocket.TrySend(client, "ask"u8, asked));
        Assert.Equal(3, InetSocket.TryReceive(server, buffer, out InetEnd from, out InetAddress to));
        Assert.Equal((InetSocket.LocalEnd(client), asked.Address), (from, to));
        Assert.True(InetSocket.TrySend(server, "answer"u8, from, to));
        Assert.Equal(6, InetSocket.TryReceive(client, buffer, out from, out _));
        Assert.Equal(asked, from);
        Assert.Null(InetSocket.TryReceive(client, buffer, out _, out _));
    }

    [Fact]
    public void Batches_answer_those_that_are_to_be_answered()
    {
        using Fd server = InetSocket.BindDatagram(Anywhere);
        using Fd client = InetSocket.BindDatagram(Anywhere);
        var batch = new DatagramBatch(8, 4, 16);
        for (byte i = 0; i < 10; i++)
        {
            InetSocket.TrySend(client, [i, 1, 2, 3, 4, 5], InetSocket.LocalEnd(server));
        }

        Assert.Equal(8, batch.Receive(server));
        for (int i = 0; i < batch.Count; i++)
        {
            Assert.Equal([(byte)i, 1, 2, 3], batch[i].ToArray());
            Assert.Equal(InetSocket.LocalEnd(client), batch.Sender(i));
            batch.Room(i)[0] = (byte)(i + 100);
            batch.Answer(i, i % 2);
        }

        batch.Send(server);
        Assert.Equal(2, batch.Receive(server));
        Assert.Equal(0, batch.Receive(server));
        byte[] buffer = new byte[9];
        foreach (byte expected in (byte[])[101, 103, 105, 107])
        {
            Assert.Equal(1, InetSocket.TryReceive(client, buffer));
            Assert.Equal(expected, buffer[0]);
        }

        Assert.Null(InetSocket.TryReceive(client, buffer));
    }

    [Fact]
    public void Pipes_carry_bytes_from_socket_to_socket()
    {
        (Fd a, Fd b) = UnixSocket.Pair(SocketKind.Stream);
        (Fd c, Fd d) = UnixSocket.Pair(SocketKind.Stream);
        using Fd sender = a, from = b, to = c, receiver = d;
        from.SetNonBlocking(true);
        to.SetNonBlocking(true);
        receiver.SetNonBlocking(true);
        using var pipe = new SplicePipe();
        byte[] buffer = new byte[1 << 20];

        Assert.Null(pipe.TryFill(from));
        sender.Write("hello"u8);
        Assert.Equal(5, pipe.TryFill(from));
        Assert.Equal(5, pipe.Held);
        Assert.True(pipe.TryDrain(to));
        Assert.Equal((0, 5), (pipe.Held, receiver.Read(buffer)));
        while (pipe.TryDrain(to))
        {
            sender.Write(new byte[10_000]);
            pipe.TryFill(from);
        }

        Assert.True(pipe.Held > 0);
        while (receiver.TryRead(buffer) is > 0)
        {
        }

        Assert.True(pipe.TryDrain(to));
        sender.Dispose();
        Assert.Equal(0, pipe.TryFill(from));
    }

    [Fact]
    public void Room_for_more_files_is_there_for_a_moment()
    {
        Rlimit before = Rlimit.Current(7);
        using (new OpenFileRoom())
        {
            Assert.Equal(before.Hard, Rlimit.Current(7).Soft);
        }

        Assert.Equal(before, Rlimit.Current(7));
    }

    private static InetEnd Foreign => new(InetAddress.Of(IPAddress.Parse("203.0.113.5")), 4711);
}
