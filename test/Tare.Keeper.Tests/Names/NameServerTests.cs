// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Tare.Keeper.Names;
using Tare.Linux.Sockets;
using static Tare.Keeper.Tests.Names.ScriptedServer;

namespace Tare.Keeper.Tests.Names;

public sealed class NameServerTests
{
    private const int A = 1;
    private const int Known = 0xfff0;
    private static readonly byte[] Address = [9, 9, 9, 9];
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(160);

    [Fact]
    public void Names_of_the_network_are_answered_and_none_of_them_leaves()
    {
        using var world = new ScriptedServer((query, _) => [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames();
        names.AskUpstream(world.End);

        Assert.Equal(["172.18.0.2"], Wire.Records(names.Ask(Wire.Query("web", A))!));
        Assert.Empty(Wire.Records(names.Ask(Wire.Query("web", 15))!));
        Assert.Equal(0, world.Asked);
    }

    [Fact]
    public void The_world_is_asked_with_other_ids_from_other_ports()
    {
        List<int> ids = [];
        using var world = new ScriptedServer((query, _) =>
        {
            ids.Add(Wire.Id(query));
            return [Wire.Answer(query, 0, A, Address)];
        });
        using var names = new ServedNames();
        names.AskUpstream(world.End);

        for (int i = 0; i < 20; i++)
        {
            byte[] answer = names.Ask(Wire.Query("example.org", A, id: 7))!;
            Assert.Equal(7, Wire.Id(answer));
            Assert.Equal(["9.9.9.9"], Wire.Records(answer));
        }

        Assert.True(ids.Distinct().Count() > 15);
        Assert.True(world.Ports.Distinct().Count() > 10);
        names.Loop.Until(() => names.Server.Waiting == 0);
    }

    [Fact]
    public void Only_the_answer_to_the_question_is_believed()
    {
        using var world = new ScriptedServer((query, _) =>
        {
            byte[] wrongId = Wire.Answer(query, 0, A, [6, 6, 6, 6]);
            wrongId[0] ^= 0xFF;
            byte[] wrongName = Wire.Answer(Wire.Query("example.net", A, Wire.Id(query)), 0, A, [6, 6, 6, 6]);
            byte[] wrongType = Wire.Answer(Wire.Query("example.org", 28, Wire.Id(query)), 0, A, [6, 6, 6, 6]);
            byte[] noQuestion = [.. query[..2], 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0];
            return [wrongId, wrongName, wrongType, query, [1, 2, 3], noQuestion, Wire.Answer(query, 0, A, Address)];
        });
        using var names = new ServedNames();
        names.AskUpstream(world.End);

        Assert.Equal(["9.9.9.9"], Wire.Records(names.Ask(Wire.Query("eXample.org", A))!));
    }

    [Fact]
    public void An_answer_from_somewhere_else_is_not_believed()
    {
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        ScriptedServer? world = null;
        world = new ScriptedServer((query, _) =>
        {
            stranger.SendTo(Wire.Answer(query, 0, A, [6, 6, 6, 6]), new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, world!.Ports[^1]));
            Thread.Sleep(50);
            return [Wire.Answer(query, 0, A, Address)];
        });
        using var names = new ServedNames();
        names.AskUpstream(world.End);

        Assert.Equal(["9.9.9.9"], Wire.Records(names.Ask(Wire.Query("example.org", A))!));
        world.Dispose();
    }

    [Fact]
    public void A_silent_server_is_followed_by_the_next_and_asked_again_in_the_second_round()
    {
        using var silent = new ScriptedServer((_, _) => []);
        int asked = 0;
        using var forgetful = new ScriptedServer((query, _) => asked++ == 0 ? [] : [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames(Short);
        names.AskUpstream(silent.End, forgetful.End);

        Assert.Equal(["9.9.9.9"], Wire.Records(names.Ask(Wire.Query("example.org", A))!));
        Assert.Equal((2, 2), (silent.Asked, forgetful.Asked));
    }

    [Fact]
    public void A_server_that_is_not_there_or_fails_costs_no_time()
    {
        InetEnd nobody;
        using (var gone = new ScriptedServer((_, _) => []))
        {
            nobody = gone.End;
        }

        using var failing = new ScriptedServer((query, _) => [Wire.Answer(query, 2, A)]);
        using var refusing = new ScriptedServer((query, _) => [[.. query[..2], 0x81, 0x85, 0, 0, 0, 0, 0, 0, 0, 0]]);
        using var world = new ScriptedServer((query, _) => [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames(TimeSpan.FromSeconds(30));
        names.AskUpstream(nobody, failing.End, refusing.End, world.End);

        Assert.Equal(["9.9.9.9"], Wire.Records(names.Ask(Wire.Query("example.org", A))!));
    }

    [Fact]
    public void What_the_last_server_says_counts()
    {
        using var refusing = new ScriptedServer((query, _) => [Wire.Answer(query, 5, A)]);
        using var unknown = new ScriptedServer((query, _) => [Wire.Answer(query, 3, A)]);
        using var names = new ServedNames();

        names.AskUpstream(refusing.End);
        Assert.Equal(5, Wire.Code(names.Ask(Wire.Query("example.org", A))!));
        names.AskUpstream(unknown.End, refusing.End);
        Assert.Equal(3, Wire.Code(names.Ask(Wire.Query("example.org", A))!));
    }

    [Fact]
    public void When_nobody_answers_the_asker_learns_it()
    {
        using var silent = new ScriptedServer((_, _) => []);
        using var names = new ServedNames(Short);

        Assert.Equal(2, Wire.Code(names.Ask(Wire.Query("example.org", A))!));
        names.AskUpstream(silent.End);
        byte[] answer = names.Ask(Wire.Query("example.org", A, id: 99))!;

        Assert.Equal((2, 99), (Wire.Code(answer), Wire.Id(answer)));
        Assert.Equal(2, silent.Asked);
    }

    [Fact]
    public void Internal_networks_send_nothing_out()
    {
        using var world = new ScriptedServer((query, _) => [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames();
        names.Set(order => order with { Upstreams = [world.End], IsInternal = true });
        using Socket stream = names.Connect();

        Assert.Equal(3, Wire.Code(names.Ask(Wire.Query("example.org", A))!));
        stream.Send(Frames.Of(Wire.Query("example.org", A)));
        Assert.Equal(3, Wire.Code(Frames.Read(stream)!));
        Assert.Equal(0, world.Asked);
    }

    [Fact]
    public void Answers_that_are_cut_or_too_long_are_had_by_tcp()
    {
        byte[][] many = [.. Enumerable.Range(0, 200).Select(i => new byte[] { 1, 2, 3, (byte)i })];
        using var world = new ScriptedServer((query, isTcp) =>
        {
            byte[] answer = Wire.Answer(query, 0, A, isTcp || query[13] == 'l' ? many : []);
            answer[2] |= (byte)(isTcp || query[13] == 'l' ? 0 : 2);
            return [answer];
        });
        using var names = new ServedNames();
        names.AskUpstream(world.End);
        using Socket stream = names.Connect();

        byte[] cut = names.Ask(Wire.Query("example.org", A))!;
        byte[] tooLong = names.Ask(Wire.Query("long.example", A))!;
        byte[] fits = names.Ask(Wire.Query("long.example", A, udpBytes: 4096))!;
        stream.Send(Frames.Of(Wire.Query("example.org", A, id: 5)));
        byte[] whole = Frames.Read(stream)!;

        Assert.True(Wire.IsCut(cut) && Wire.IsCut(tooLong));
        Assert.Empty(Wire.Records(tooLong));
        Assert.Equal(200, Wire.Records(fits).Length);
        Assert.Equal((200, 5), (Wire.Records(whole).Length, Wire.Id(whole)));
    }

    [Fact]
    public void Many_questions_of_one_connection_are_answered_however_they_are_cut()
    {
        using var world = new ScriptedServer((query, _) => [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames();
        names.AskUpstream(world.End);
        using Socket stream = names.Connect();
        stream.NoDelay = true;
        byte[] bytes = [.. Enumerable.Range(0, 100).SelectMany(i => Frames.Of(Wire.Query(i % 3 == 0 ? "example.org" : "web", A, id: i)))];

        var random = new Random(1);
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += stream.Send(bytes.AsSpan(sent, Math.Min(random.Next(1, 200), bytes.Length - sent)));
        }

        stream.Shutdown(SocketShutdown.Send);
        int[] ids = [.. Enumerable.Range(0, 100).Select(_ => Wire.Id(Frames.Read(stream)!)).Order()];

        Assert.Equal(Enumerable.Range(0, 100), ids);
        Assert.Null(Frames.Read(stream));
        names.Loop.Until(() => names.Server.Streams == 0);
    }

    [Fact]
    public void A_query_of_the_largest_size_passes()
    {
        using var world = new ScriptedServer((query, _) => [Wire.Answer(query, 0, A, Address)]);
        using var names = new ServedNames();
        names.AskUpstream(world.End);
        using Socket stream = names.Connect();
        byte[] query = Wire.Query("example.org", A, udpBytes: 1232);
        int padding = 65535 - query.Length;
        byte[] longest = [.. query[..^2], (byte)(padding >> 8), (byte)padding, .. new byte[padding]];

        stream.Send(Frames.Of(longest));

        Assert.Equal(["9.9.9.9"], Wire.Records(Frames.Read(stream)!));
    }

    [Fact]
    public void Silent_connections_are_closed_and_too_many_wait()
    {
        using var names = new ServedNames(idle: TimeSpan.FromMilliseconds(1500));
        List<Socket> sockets = [.. Enumerable.Range(0, NameServer.MaxStreams + 1).Select(_ => names.Connect())];
        names.Loop.Until(() => names.Server.Streams == NameServer.MaxStreams);

        sockets[^1].Send(Frames.Of(Wire.Query("web", A)));

        Assert.Equal(["172.18.0.2"], Wire.Records(Frames.Read(sockets[^1])!));
        Assert.Null(Frames.Read(sockets[0]));
        names.Loop.Until(() => names.Server.Streams == 0);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void So_many_wait_and_no_more_and_all_are_told()
    {
        using var silent = new ScriptedServer((_, _) => []);
        using var names = new ServedNames(TimeSpan.FromSeconds(1));
        names.AskUpstream(silent.End);
        using Socket socket = names.Open();
        socket.ReceiveBufferSize = 1 << 22;

        HashSet<int> answered = [];
        for (int i = 0; i < Upstreams.MaxWaiting + 100; i++)
        {
            socket.Send(Wire.Query($"n{i}.example.org", A, id: i));
            if (i % 32 == 0)
            {
                // known here, so its answer tells that all before it has been taken out of the socket, which holds only so many
                socket.Send(Wire.Query("web", A, id: Known));
                while (IdOf(ServedNames.Receive(socket)!) is var id && id != Known)
                {
                    answered.Add(id);
                }
            }
        }

        while (answered.Count < Upstreams.MaxWaiting + 100)
        {
            byte[] answer = ServedNames.Receive(socket)!;
            Assert.Equal(2, Wire.Code(answer));
            answered.Add(IdOf(answer));
        }

        names.Loop.Until(() => names.Server.Waiting == 0);
        Assert.Null(ServedNames.Receive(socket, 200));
    }

    private static int IdOf(byte[] answer) => (answer[0] << 8) | answer[1];

    [Fact]
    public void New_sockets_take_the_place_of_the_old_ones()
    {
        using var names = new ServedNames();
        var end = new InetEnd(new InetAddress(0x7f000001, false), 0);
        Tare.Linux.Fd udp = InetSocket.BindDatagram(end);
        InetEnd now = InetSocket.LocalEnd(udp);
        names.Loop.Do(() => names.Server.Set(new NameOrder { Files = [names.Folder.Path("app")] }, [], udp, null));

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(System.Net.IPAddress.Loopback, now.Port);
        socket.Send(Wire.Query("db", A));

        Assert.Equal(["172.18.0.3"], Wire.Records(ServedNames.Receive(socket)!));
    }
}
