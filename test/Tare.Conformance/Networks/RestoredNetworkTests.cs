// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Tare.Conformance.Networks;

/// <summary>Others flush rules and remove bridges: all is there again at once, as long as a container is on a network.</summary>
[Collection(AloneCollection.Name)]
public sealed class RestoredNetworkTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private const string TellsWhoComes =
        "import socket\ns=socket.socket()\ns.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1)\ns.bind((\"0.0.0.0\",90))\ns.listen()\n" +
        "while True:\n c,a=s.accept()\n c.sendall((a[0]+\"\\n\").encode())\n c.close()";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<Process> _servers = [];

    private string StoreId => File.ReadAllText($"{Tare.Root}/id");

    public override void Dispose()
    {
        _servers.ForEach(static server =>
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        });
        HostNetwork.Try("nft delete table ip other");
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("nft flush ruleset")]
    [InlineData("nft delete table inet tare-STORE; nft delete table bridge tare-STORE")]
    [InlineData("nft flush table inet tare-STORE")]
    [InlineData("nft flush map inet tare-STORE any4; nft flush set inet tare-STORE masked")]
    [InlineData("ip link del tare-STORE")]
    public void What_others_took_away_is_back(string line)
    {
        (int neighbour, string host, string own) = Served();
        UpWeb("web", "--hostname web -p 18110:80");
        Up("other");
        _ = Elected();
        AssertWhole(neighbour, host, own);

        for (int i = 0; i < 3; i++)
        {
            HostNetwork.Shell(line.Replace("STORE", StoreId, StringComparison.Ordinal));
            AssertWhole(neighbour, host, own);
        }

        // what a neighbour may not is as it was
        Assert.Equal("", AskFrom(neighbour, Address("web")));
        AssertClean();
    }

    [Fact]
    public void Who_drops_what_passes_after_a_container_began_lets_it_pass_nevertheless()
    {
        (int neighbour, string host, string own) = Served();
        UpWeb("web", "--hostname web -p 18110:80");
        Up("other");
        _ = Elected();

        HostNetwork.Shell("nft 'add table ip other; add chain ip other forward { type filter hook forward priority 0; policy drop; }'");
        AssertWhole(neighbour, host, own);
        HostNetwork.Shell("nft 'flush chain ip other forward'");
        AssertWhole(neighbour, host, own);
    }

    [Fact]
    public void When_the_elected_keeper_is_killed_the_next_one_does_it()
    {
        (int neighbour, string host, string own) = Served();
        UpWeb("web", "--hostname web -p 18110:80");
        Up("other");
        Up("third");
        for (int i = 0; i < 2; i++)
        {
            int elected = Elected();
            Conversation.Signal("KILL", elected);
            Assert.NotEqual(elected, Subject.Poll(Patience, Elected, next => next != elected));
        }

        HostNetwork.Shell("nft flush ruleset");

        // the container whose keeper is dead is asked of by nobody here: that would give it a new one
        Assert.Equal("web", Subject.Poll(Patience, () => AskFrom(neighbour, $"{host}:18110").Split(' ')[0], static name => name.Length > 0));
        Assert.Equal(own, $"198.18.{own.Split('.')[2]}.2");
    }

    [Fact]
    public void A_container_that_was_connected_while_it_ran_counts_too()
    {
        Tare.Succeed("network", "create", "late");
        Up("lonely", "--network none");
        Assert.Contains("Answers: no", Tare.Succeed("dns"), StringComparison.Ordinal);

        Tare.Succeed("network", "connect", "late", "lonely");

        // that of a container before may not have left yet
        int keeper = Keepers.Of(Tare, "lonely");
        Assert.Equal(keeper, Subject.Poll(Patience, Elected, elected => elected == keeper));
        HostNetwork.Shell("nft flush ruleset");
        Subject.Poll(Patience, () => HostNetwork.Shell("nft list ruleset"), rules => rules.Contains($"tare-{StoreId}", StringComparison.Ordinal));
        Assert.Contains($"tare-{StoreId}", HostNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
    }

    /// <summary>It is reached by its port; what leaves has the host's address.</summary>
    private void AssertWhole(int neighbour, string host, string own)
    {
        (string, string) wanted = ("web", host);
        Assert.Equal(wanted, Subject.Poll(Patience, Look, look => look == wanted));

        (string Port, string World) Look() => (
            AskFrom(neighbour, $"{host}:18110").Split(' ')[0],
            Tare.Run("exec", "other", "sh", "-c", $"nc -w 2 {own} 90 </dev/null").Text.Trim());
    }

    private (int Process, string Host, string Own) Served()
    {
        (int neighbour, string host, string own) = Neighbour();
        _servers.Add(Process.Start("nsenter", ["-t", $"{neighbour}", "-n", "python3", "-c", TellsWhoComes]));
        Subject.Poll(Patience, () => HostNetwork.Try($"busybox nc -w 2 {own} 90 </dev/null"), static answer => answer.Text.Contains('.', StringComparison.Ordinal));
        return (neighbour, host, own);
    }

    private int Elected()
    {
        string text = Subject.Poll(Patience, () => Tare.Succeed("dns"), static text => text.Contains("Answers: yes", StringComparison.Ordinal));
        Assert.Contains("Answers: yes", text, StringComparison.Ordinal);
        return int.Parse(text.Split("pid ")[1].Split('\n')[0], CultureInfo.InvariantCulture);
    }
}
