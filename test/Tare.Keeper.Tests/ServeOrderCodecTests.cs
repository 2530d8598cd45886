// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests;

public class ServeOrderCodecTests
{
    [Fact]
    public void An_order_survives_the_way_to_the_keeper() =>
        Assert.Equal(Show(Order()), Show(ServeOrderCodec.Decode(ServeOrderCodec.Encode(Order()))));

    [Fact]
    public void An_empty_order_names_nothing()
    {
        ServeOrder read = ServeOrderCodec.Decode(ServeOrderCodec.Encode(new ServeOrder()));

        Assert.Null(read.Names);
        Assert.Empty(read.Relays);
        Assert.Empty(read.Subnets);
    }

    [Fact]
    public void Every_cut_or_longer_order_is_refused()
    {
        byte[] whole = ServeOrderCodec.Encode(Order());

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => ServeOrderCodec.Decode(whole.AsSpan(0, length)));
        }

        Assert.Throws<FormatException>(() => ServeOrderCodec.Decode([.. whole, 0]));
    }

    [Fact]
    public void Every_corrupted_byte_is_refused_or_harmless()
    {
        byte[] whole = ServeOrderCodec.Encode(Order());

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] broken = [.. whole];
            broken[i] ^= 0x81;
            Exception? error = Record.Exception(() => ServeOrderCodec.Decode(broken));
            Assert.True(error is null or FormatException, $"byte {i}: {error}");
        }
    }

    [Fact]
    public void The_largest_order_fits()
    {
        var order = new ServeOrder
        {
            Names = new NameOrder
            {
                Files = [.. Enumerable.Repeat(new string('f', OrderBytes.MaxTextBytes), NameOrder.MaxFiles)],
                Links = [.. Enumerable.Repeat(new NameLink(new string('n', 255), new string('t', 255)), NameOrder.MaxLinks)],
            },
            Relays = [.. Enumerable.Range(0, ServeOrder.MaxRelays).Select(i => new RelayOrder(new string('r', 200) + i, default))],
        };

        byte[] bytes = ServeOrderCodec.Encode(order);

        Assert.InRange(bytes.Length, 1, ServeOrderCodec.MaxBytes);
        Assert.Equal(Show(order), Show(ServeOrderCodec.Decode(bytes)));
    }

    [Fact]
    public void Many_sockets_go_in_a_row_of_states_of_which_the_last_is_all()
    {
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadOnly);
        Fd[] given = [.. Enumerable.Range(0, 72).Select(_ => nothing.Duplicate())];
        var order = new ServeOrder
        {
            Names = new NameOrder { Udp = 70, Tcp = 71 },
            Relays = [new RelayOrder("kept", default), .. Enumerable.Range(0, 70).Select(i => new RelayOrder($"r{i}", default) { Socket = i })],
        };

        var states = ServeMessage.Cut(order, given).ToList();

        Assert.Equal([31, 31, 10], states.Select(state => state.Sockets.Count));
        Assert.Equal(order.Relays.Select(relay => relay.Id), states[^1].State.Relays.Select(relay => relay.Id));
        HashSet<Fd> seen = [];
        foreach ((ServeOrder state, List<Fd> sockets) in states)
        {
            foreach (RelayOrder relay in state.Relays.Where(relay => relay.Socket is not null))
            {
                Assert.Same(given[int.Parse(relay.Id.AsSpan(1), null)], sockets[relay.Socket!.Value]);
                Assert.True(seen.Add(sockets[relay.Socket.Value]));
            }
        }

        Assert.Equal(70, seen.Count);
        Assert.Same(given[70], states[0].Sockets[states[0].State.Names!.Udp!.Value]);
        Assert.Same(given[71], states[0].Sockets[states[0].State.Names!.Tcp!.Value]);
        Assert.Null(states[1].State.Names!.Udp);
        Array.ForEach(given, fd => fd.Dispose());
    }

    private static ServeOrder Order() => new()
    {
        Names = new NameOrder
        {
            Udp = 0,
            Tcp = 1,
            IsInternal = true,
            Files = ["/run/tare/networks/a/names", "/ä"],
            Upstreams = [new(Address("9.9.9.9"), 53), new(Address("fe80::1"), 5353, 7)],
            Links = [new("db", "postgres-1"), new("", "")],
        },
        Subnets = [new(Address("172.18.0.0"), 16), new(Address("fd00::"), 64)],
        Relays =
        [
            new("tcp/0.0.0.0:80", new InetEnd(Address("172.18.0.2"), 8080)) { Socket = 2, IsTransparent = true },
            new("udp/[::]:53", new InetEnd(Address("fd00::2"), 53)) { IsUdp = true },
        ],
    };

    private static InetAddress Address(string text) => InetAddress.Of(IPAddress.Parse(text));

    private static string Show(ServeOrder order) => JsonSerializer.Serialize(new
    {
        order.Names?.Udp,
        order.Names?.Tcp,
        order.Names?.IsInternal,
        order.Names?.Files,
        Upstreams = order.Names?.Upstreams.Select(end => $"{end} {end.Scope}"),
        Links = order.Names?.Links,
        Subnets = order.Subnets.Select(subnet => $"{subnet.Address}/{subnet.Prefix}"),
        Relays = order.Relays.Select(relay => relay.ToString()),
    });
}
