// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Names;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Names;

public sealed class ResolverTests : IDisposable
{
    private const int A = 1;
    private const int Mx = 15;
    private const int Ptr = 12;
    private const int Aaaa = 28;

    private readonly NameFolder _folder = new();
    private readonly NameBook _book = new();
    private readonly Resolver _resolver;

    public ResolverTests()
    {
        _resolver = new Resolver(_book);
        string file = _folder.Write("app", NameFileTests.Names());
        string other = _folder.Write("dev", new NetworkNames("dev",
            [new(new string('d', 64), NameFileTests.Address("172.19.0.2"), null, ["web", "only", "with.dot"])]));
        Set([file, other]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("web", A, "172.18.0.2")] // the first network that has it
    [InlineData("WEB.", A, "172.18.0.2")]
    [InlineData("www", A, "172.18.0.2")]
    [InlineData("web", Aaaa, "fd00::2")]
    [InlineData("web", 255, "172.18.0.2 fd00::2")]
    [InlineData("web.app-net", A, "172.18.0.2")]
    [InlineData("web.DEV", A, "172.19.0.2")]
    [InlineData("only", A, "172.19.0.2")]
    [InlineData("with.dot", A, "172.19.0.2")]
    [InlineData("with.dot.dev", A, "172.19.0.2")]
    [InlineData("dddddddddddd", A, "172.19.0.2")]
    [InlineData("2.0.18.172.in-addr.arpa", Ptr, "Web.app-net.")]
    [InlineData("2.0.19.172.IN-ADDR.arpa", Ptr, "web.dev.")]
    [InlineData("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", Ptr, "Web.app-net.")]
    [InlineData("web", Mx, "")]
    [InlineData("db", Aaaa, "")]
    [InlineData("silent", A, "")]
    [InlineData("2.0.18.172.in-addr.arpa", A, "")]
    public void What_is_known_is_answered(string name, int type, string records)
    {
        byte[] answer = Ask(Wire.Query(name, type))!;

        Assert.Equal(0, Wire.Code(answer));
        Assert.Equal(0x1234, Wire.Id(answer));
        Assert.Equal(0x81, answer[2]);
        Assert.Equal(records.Split(' ', StringSplitOptions.RemoveEmptyEntries), Wire.Records(answer));
    }

    [Theory]
    [InlineData("web.tare.localhost", A, "172.18.0.2")]
    [InlineData("WEB.tare.INTERNAL.", A, "172.18.0.2")]
    [InlineData("www.tare.localhost", A, "172.18.0.2")]
    [InlineData("web.dev.tare.localhost", A, "172.19.0.2")]
    [InlineData("with.dot.tare.internal", A, "172.19.0.2")]
    [InlineData("dddddddddddd.tare.localhost", A, "172.19.0.2")]
    [InlineData("web.tare.localhost", Aaaa, "fd00::2")]
    [InlineData("tare.localhost", A, "")] // it is there
    [InlineData("2.0.19.172.in-addr.arpa", Ptr, "web.dev.tare.localhost.")]
    public void The_host_finds_them_below_two_domains(string name, int type, string records)
    {
        byte[] answer = Ask(Wire.Query(name, type), new Resolver(_book, isOfHost: true))!;

        Assert.Equal(0, Wire.Code(answer));
        Assert.Equal(records.Split(' ', StringSplitOptions.RemoveEmptyEntries), Wire.Records(answer));
    }

    [Theory]
    [InlineData("gone.tare.localhost", A, 3)]
    [InlineData("a.web.tare.localhost", A, 3)]
    [InlineData("web", A, 5)]
    [InlineData("web.localhost", A, 5)]
    [InlineData("webtare.localhost", A, 5)]
    [InlineData("example.org", A, 5)]
    [InlineData("", 2, 5)]
    [InlineData("1.0.0.10.in-addr.arpa", Ptr, 5)]
    public void The_host_is_told_no_or_asks_somebody_else(string name, int type, int code)
    {
        byte[] answer = Ask(Wire.Query(name, type), new Resolver(_book, isOfHost: true))!;

        Assert.Equal(code, Wire.Code(answer));
        Assert.Empty(Wire.Records(answer));
    }

    [Theory]
    [InlineData("unknown", A)]
    [InlineData("example.org", A)]
    [InlineData("example.dev", A)] // the world has such a domain
    [InlineData("dev", A)]
    [InlineData("1.0.0.10.in-addr.arpa", Ptr)]
    [InlineData("18.172.in-addr.arpa", Ptr)]
    [InlineData("1.2.3.4.5.in-addr.arpa", Ptr)]
    [InlineData("", 2)]
    public void What_others_may_know_is_forwarded(string name, int type) => Assert.Null(Ask(Wire.Query(name, type)));

    [Theory]
    [InlineData("9.0.18.172.in-addr.arpa", Ptr)]
    [InlineData("9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", Ptr)]
    [InlineData("gone.app-net", A)]
    public void What_is_only_ours_never_leaks(string name, int type)
    {
        byte[] answer = Ask(Wire.Query(name, type))!;

        Assert.Equal(3, Wire.Code(answer));
        Assert.Empty(Wire.Records(answer));
    }

    [Fact]
    public void Internal_networks_know_nothing_else()
    {
        _resolver.IsInternal = true;

        Assert.Equal(3, Wire.Code(Ask(Wire.Query("example.org", A))!));
        Assert.Equal(3, Wire.Code(Ask(Wire.Query("1.0.0.10.in-addr.arpa", Ptr))!));
        Assert.Equal(["172.18.0.2"], Wire.Records(Ask(Wire.Query("web", A))!));
    }

    [Theory]
    [InlineData("corp.example", true)]
    [InlineData("xn--p1ai", true)]
    [InlineData("com", true)]
    [InlineData("proj_default", false)]
    [InlineData("net1", false)]
    [InlineData("corp.v2", false)]
    public void A_network_named_like_a_domain_does_not_hide_it(string network, bool leaks)
    {
        Set([_folder.Write("n", new NetworkNames(network, [new(new string('e', 64), NameFileTests.Address("1.2.3.4"), null, ["web"])]))]);

        Assert.Equal(["1.2.3.4"], Wire.Records(Ask(Wire.Query($"web.{network}", A))!));
        Assert.Equal(leaks, Ask(Wire.Query($"www.{network}", A)) is null);
    }

    [Fact]
    public void Several_take_turns_at_being_first()
    {
        string[][] answers = [.. Enumerable.Range(0, 4).Select(_ => Wire.Records(Ask(Wire.Query("all", A))!))];

        Assert.Equal(["172.18.0.2", "172.18.0.3"], answers[0]);
        Assert.Equal(["172.18.0.3", "172.18.0.2"], answers[1]);
        Assert.Equal(answers[0], answers[2]);
        Assert.Equal(answers[1], answers[3]);
    }

    [Fact]
    public void Links_are_names_of_their_own()
    {
        Set([_folder.Path("app"), _folder.Path("dev")], [new("Database", "db"), new("web", "only"), new("lost", "nobody")]);

        Assert.Equal(["172.18.0.3"], Wire.Records(Ask(Wire.Query("database", A))!));
        Assert.Equal(["172.19.0.2"], Wire.Records(Ask(Wire.Query("web", A))!));
        Assert.Empty(Wire.Records(Ask(Wire.Query("lost", A))!));
    }

    [Fact]
    public void A_changed_file_counts_at_once_and_a_missing_one_is_no_error()
    {
        Assert.Null(Ask(Wire.Query("late", A)));
        for (int i = 1; i < 50; i++)
        {
            _folder.Write("dev", new NetworkNames("dev",
                [new(new string('d', 64), NameFileTests.Address($"172.19.0.{i}"), null, ["late"])]));
            Assert.Equal([$"172.19.0.{i}"], Wire.Records(Ask(Wire.Query("late", A))!));
        }

        File.Delete(_folder.Path("dev"));
        Assert.Null(Ask(Wire.Query("late", A)));
        Assert.Equal(["172.18.0.2"], Wire.Records(Ask(Wire.Query("web", A))!));
    }

    [Fact]
    public void Long_answers_are_cut_for_datagrams_only()
    {
        Set([_folder.Write("big", new NetworkNames("big", [.. Enumerable.Range(1, 100).Select(i =>
            new NamedEndpoint(i.ToString("x64", null), new InetAddress(0x0a000000u + (uint)i, false), null, ["many"]))]))]);

        byte[] plain = Ask(Wire.Query("many", A))!;
        byte[] extended = Ask(Wire.Query("many", A, udpBytes: 1232))!;
        byte[] stream = Ask(Wire.Query("many", A), isTcp: true)!;

        Assert.InRange(plain.Length, 480, 512);
        Assert.True(Wire.IsCut(plain));
        Assert.InRange(extended.Length, 1200, 1232);
        Assert.True(Wire.IsCut(extended));
        Assert.Equal(1, extended[11]);
        Assert.True(Wire.Records(extended).Length > Wire.Records(plain).Length);
        Assert.False(Wire.IsCut(stream));
        Assert.Equal(100, Wire.Records(stream).Length);
    }

    [Fact]
    public void Faults_are_told_and_answers_are_not_answered()
    {
        byte[] query = Wire.Query("web", A);

        Assert.Equal(4, Wire.Code(Ask(Wire.Query("web", A, flags: 0x2800))!));
        Assert.Equal(1, Wire.Code(Ask(query[..20])!));
        Assert.Equal(1, Wire.Code(Ask([.. query[..5], 2, .. query[6..]])!));
        Assert.Equal(5, Wire.Code(Ask([.. query[..^1], 3])!)); // class CH
        Assert.Empty(Ask(Wire.Query("web", A, flags: 0x8100))!);
        Assert.Empty(Ask(query[..11])!);
        Assert.Empty(Ask([])!);
        byte[] newer = Wire.Query("web", A, udpBytes: 1232);
        newer[^5] = 1;
        byte[] answer = Ask(newer)!;
        Assert.Equal((0, 1), (Wire.Code(answer), answer[^6])); // BADVERS
    }

    [Fact]
    public void Random_queries_do_no_harm()
    {
        var random = new Random(1035);
        byte[][] sound =
        [
            Wire.Query("web", A), Wire.Query("all.app-net", Aaaa, udpBytes: 1232), Wire.Query("2.0.18.172.in-addr.arpa", Ptr),
        ];
        byte[] room = new byte[512];
        for (int i = 0; i < 100_000; i++)
        {
            byte[] message = [.. sound[i % 3], .. new byte[random.Next(30)]];
            for (int j = random.Next(6); j >= 0; j--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            message = message[..random.Next(message.Length + 1)];
            Verdict verdict = _resolver.Answer(message, room, i % 2 == 0, out int length);
            Assert.InRange(length, 0, 512);
            Assert.Equal(verdict == Verdict.Answered, length > 0);
            Assert.InRange(Resolver.Fail(message, room), 0, 512);
            DnsMessage.IsAnswerTo(message, sound[0]);
            if (message.Length >= 12)
            {
                Assert.InRange(DnsMessage.Cut(message, message.Length), 12, message.Length);
            }
        }
    }

    private void Set(string[] files, NameLink[]? links = null) => _book.Set(
        new NameOrder { Files = files, Links = links ?? [] },
        [new(NameFileTests.Address("172.18.0.0"), 24), new(NameFileTests.Address("fd00::"), 64)]);

    /// <summary>Null: somebody else is to be asked; empty: nothing is said.</summary>
    private byte[]? Ask(byte[] query, Resolver resolver)
    {
        _book.Refresh();
        byte[] room = new byte[8192];
        return resolver.Answer(query, room, isTcp: false, out int length) == Verdict.Forward ? null : room[..length];
    }

    private byte[]? Ask(byte[] query, bool isTcp = false)
    {
        _book.Refresh();
        byte[] room = new byte[8192];
        Verdict verdict = _resolver.Answer(query, room, isTcp, out int length);
        return verdict == Verdict.Forward ? null : room[..length];
    }
}
