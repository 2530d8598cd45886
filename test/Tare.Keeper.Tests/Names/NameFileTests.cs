// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Names;

public class NameFileTests
{
    public static readonly string WebId = new('a', 64);
    public static readonly string DbId = new('b', 64);

    [Fact]
    public void What_was_written_is_read()
    {
        NetworkNames names = Names();

        NetworkNames read = NameFile.Decode(NameFile.Encode(names))!;

        Assert.Equal("app-net", read.Network);
        Assert.Equal(names.Endpoints.Select(Show), read.Endpoints.Select(Show));
    }

    [Fact]
    public void Names_that_cannot_be_asked_for_and_repetitions_are_left_out()
    {
        var names = new NetworkNames("n", [new NamedEndpoint(WebId, null, null, ["web", "WEB", "a b", "x\nendpoint id=1", "", "w"])]);

        Assert.Equal(["web", "w"], NameFile.Decode(NameFile.Encode(names))!.Endpoints.Single().Names);
    }

    [Fact]
    public void Words_and_lines_of_later_versions_are_passed_over()
    {
        string text = $"tare-names 7 whatever\nnetwork app-net\nzone x y=z\nendpoint weight=3 id={WebId} flag ip=1.2.3.4 ip=nonsense name=web =x\n\n";

        NamedEndpoint read = NameFile.Decode(Encoding.UTF8.GetBytes(text))!.Endpoints.Single();
        var table = new NameTable(Encoding.UTF8.GetBytes(text));

        Assert.Equal($"{WebId} 1.2.3.4  web", Show(read));
        Assert.Equal("1.2.3.4", Found(table, "web"));
        Assert.Equal("app-net", table.Network);
    }

    [Fact]
    public void Another_file_has_no_names()
    {
        Assert.Null(NameFile.Decode("# hosts\n"u8));
        Assert.Empty(new NameTable("network x\nendpoint id=1 ip=1.2.3.4 name=web\n"u8.ToArray()).Network);
        Assert.Null(Found(new NameTable([]), "web"));
    }

    [Fact]
    public void Names_aliases_and_ids_are_found_in_any_case()
    {
        var table = new NameTable(NameFile.Encode(Names()));

        Assert.Equal("172.18.0.2 fd00::2", Found(table, "web"));
        Assert.Equal("172.18.0.3", Found(table, "db"));
        Assert.Equal("172.18.0.2 fd00::2 172.18.0.3", Found(table, "all"));
        Assert.Equal("172.18.0.3", Found(table, DbId));
        Assert.Equal("172.18.0.3", Found(table, DbId[..12]));
        Assert.Equal("", Found(table, "silent"));
        Assert.Null(Found(table, DbId[..11]));
        Assert.Null(Found(table, "172.18.0.2"));
        Assert.Null(Found(table, "we"));
        Assert.Null(Found(table, ""));
    }

    [Fact]
    public void The_container_of_an_address_is_found_by_its_first_name()
    {
        var table = new NameTable(NameFile.Encode(Names()));

        Assert.Equal("Web", Encoding.UTF8.GetString(table.NameOf(new(0xac120002, false))));
        Assert.Equal("Web", Encoding.UTF8.GetString(table.NameOf(Address("fd00::2"))));
        Assert.True(table.NameOf(Address("172.18.0.9")).IsEmpty);
    }

    [Fact]
    public void Many_endpoints_are_each_found()
    {
        var names = new NetworkNames("n", [.. Enumerable.Range(0, 5000).Select(i => new NamedEndpoint(
            i.ToString("x64", null), new InetAddress(0x0a000000u + (uint)i, false), null, [$"c{i}"]))]);
        var table = new NameTable(NameFile.Encode(names));

        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(names.Endpoints[i].V4!.Value.Format(), Found(table, $"c{i}"));
            Assert.Equal($"c{i}", Encoding.UTF8.GetString(table.NameOf(names.Endpoints[i].V4!.Value)));
        }

        // all of them share the beginning of their ids
        Assert.Equal(NameTable.MaxFound, Found(table, "000000000000")!.Split(' ').Length);
    }

    [Fact]
    public void A_file_that_nobody_could_read_is_not_written()
    {
        var names = new NetworkNames("n", [.. Enumerable.Range(0, 60_000).Select(i => new NamedEndpoint(WebId, null, null, [$"c{i}"]))]);

        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => NameFile.Encode(names)).Errno);
    }

    [Fact]
    public void Random_files_do_no_harm()
    {
        var random = new Random(815);
        byte[] sound = NameFile.Encode(Names());
        for (int i = 0; i < 20_000; i++)
        {
            byte[] broken = [.. sound];
            for (int j = random.Next(8); j >= 0; j--)
            {
                broken[random.Next(11, broken.Length)] = (byte)random.Next(4) switch { 0 => (byte)'\n', 1 => (byte)' ', 2 => (byte)'=', _ => (byte)random.Next(256) };
            }

            broken = broken[..random.Next(11, broken.Length)];
            NameFile.Decode(broken);
            var table = new NameTable(broken);
            Found(table, "web");
            Found(table, WebId[..12]);
            table.NameOf(Address("172.18.0.2"));
        }
    }

    internal static NetworkNames Names() => new("app-net",
    [
        new(WebId, Address("172.18.0.2"), Address("fd00::2"), ["Web", "www", "all"]),
        new(DbId, Address("172.18.0.3"), null, ["db", "ALL"]),
        new(new string('c', 64), null, null, ["silent"]),
    ]);

    internal static InetAddress Address(string text) => InetAddress.Of(System.Net.IPAddress.Parse(text));

    private static string? Found(NameTable table, string name)
    {
        List<InetAddress> found = [];
        return table.Find(Encoding.UTF8.GetBytes(name), found) ? string.Join(' ', found.Select(address => address.Format())) : null;
    }

    private static string Show(NamedEndpoint endpoint) =>
        $"{endpoint.ContainerId} {endpoint.V4} {endpoint.V6} {string.Join(',', endpoint.Names)}";
}
