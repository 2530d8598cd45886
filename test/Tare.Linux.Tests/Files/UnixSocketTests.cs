// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed class UnixSocketTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Descriptors_travel_with_bytes()
    {
        (Fd a, Fd b) = UnixSocket.Pair(SocketKind.Messages);
        using Fd left = a, right = b;
        using Fd file = _scratch.Write("f"u8, "content"u8);
        file.Seek(0);

        UnixSocket.Send(left, "hello"u8, file, file);
        byte[] buffer = new byte[16];
        List<Fd> fds = [];
        int? length = UnixSocket.TryReceive(right, buffer, fds);

        Assert.Equal("hello"u8, buffer.AsSpan(0, length!.Value));
        Assert.Equal(2, fds.Count);
        Assert.Equal("content"u8, fds[1].ReadAll(100));
        fds.ForEach(fd => fd.Dispose());
    }

    [Fact]
    public void A_message_that_does_not_fit_is_an_error_and_leaks_no_descriptor()
    {
        (Fd a, Fd b) = UnixSocket.Pair(SocketKind.Messages);
        using Fd left = a, right = b;
        using Pipe pipe = new();
        UnixSocket.Send(left, "hello"u8, pipe.Writer);
        pipe.Writer.Dispose();
        List<Fd> fds = [];

        var e = Assert.Throws<LinuxException>(() => UnixSocket.TryReceive(right, new byte[4], fds));

        Assert.Equal(Errno.EMSGSIZE, e.Errno);
        Assert.Empty(fds);
        Assert.Equal(0, pipe.Reader.Read(new byte[1]));
    }

    [Fact]
    public void Listening_connecting_and_knowing_the_peer()
    {
        using Fd deep = _scratch.Root.MakeDirectories(
            System.Text.Encoding.ASCII.GetBytes(string.Join('/', Enumerable.Repeat("a-long-name-of-a-directory", 8))), 0b111_000_000);
        Assert.Null(UnixSocket.TryConnect(deep, "ctl"u8, SocketKind.Stream));
        using Fd listener = UnixSocket.Listen(deep, "ctl"u8, SocketKind.Stream, 0b110_000_000);
        using Fd? client = UnixSocket.TryConnect(deep, "ctl"u8, SocketKind.Stream);
        using Fd? server = UnixSocket.Accept(listener);

        Assert.Equal(Environment.ProcessId, UnixSocket.Peer(server!).Pid);
        Assert.Equal(0b110_000_000u, deep.Status("ctl"u8).Mode);
        UnixSocket.Send(client!, "x"u8);
        UnixSocket.EndSending(client!);
        List<Fd> fds = [];
        byte[] buffer = new byte[8];
        Assert.Equal(1, UnixSocket.TryReceive(server!, buffer, fds));
        Assert.Equal(0, UnixSocket.TryReceive(server!, buffer, fds));
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<LinuxException>(
            () => UnixSocket.Listen(deep, "ctl"u8, SocketKind.Stream)).Errno);
        listener.Dispose();

        // a child that another test forks has the listener until its execve
        Assert.True(SpinWait.SpinUntil(() => IsGone(deep), TimeSpan.FromSeconds(10)));
    }

    private static bool IsGone(Fd folder)
    {
        using Fd? client = UnixSocket.TryConnect(folder, "ctl"u8, SocketKind.Stream);
        return client is null;
    }

    [Fact]
    public void Writing_to_a_closed_peer_is_EPIPE_and_not_a_signal()
    {
        (Fd a, Fd b) = UnixSocket.Pair(SocketKind.Stream);
        using Fd left = a;
        b.Dispose();

        Assert.Equal(Errno.EPIPE, Assert.Throws<LinuxException>(() => UnixSocket.Send(left, "x"u8)).Errno);
    }

    [Fact]
    public void Epoll_tells_who_is_ready()
    {
        using Epoll epoll = new();
        using EventFd wake = new();
        using TimerFd timer = new();
        using Pipe pipe = new(nonBlocking: true);
        epoll.Add(wake.Fd, EpollEvents.Readable, 1);
        epoll.Add(timer.Fd, EpollEvents.Readable, 2);
        epoll.Add(pipe.Reader, EpollEvents.Readable, ulong.MaxValue);
        EpollEvent[] ready = new EpollEvent[4];

        Assert.Equal(0, epoll.Wait(ready, TimeSpan.Zero));
        wake.Signal();
        wake.Signal();
        Assert.Equal(1, epoll.Wait(ready));
        Assert.Equal(new EpollEvent(EpollEvents.Readable, 1), ready[0]);
        Assert.Equal(2ul, wake.Take());
        timer.Start(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, epoll.Wait(ready));
        Assert.Equal(2ul, ready[0].Data);
        Assert.True(timer.Take());
        Assert.False(timer.Take());
        Assert.Null(pipe.Reader.TryRead(new byte[1]));
        pipe.Writer.Dispose();
        Assert.Equal(1, epoll.Wait(ready));
        Assert.Equal(new EpollEvent(EpollEvents.HangUp, ulong.MaxValue), ready[0]);
    }

    [Fact]
    public void A_sealed_file_in_memory_cannot_be_changed()
    {
        using Fd file = MemoryFile.Sealed("order"u8, "content"u8);

        Assert.Equal("content"u8, file.ReadAll(100));
        Assert.True(MemoryFile.IsSealed(file));
        Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => file.Write("x"u8)).Errno);
        Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => file.SetLength(0)).Errno);
        using Fd other = _scratch.Write("f"u8, "x"u8);
        Assert.False(MemoryFile.IsSealed(other));
    }
}
