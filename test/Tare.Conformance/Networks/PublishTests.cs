// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tare.Conformance.Networks;

/// <summary>Published ports, and those that are not, seen from the host and from a neighbour on its LAN. security.md A.7.</summary>
public sealed class PublishTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private const string UdpEcho =
        "import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind((\"0.0.0.0\",7)); d,a=s.recvfrom(99); s.sendto((a[0]+\" \").encode()+d,a)";

    [Fact]
    public void A_port_is_reached_from_everywhere_and_sees_who_comes()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p 18080:80");

        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18080"));
        Assert.StartsWith("web ", AskFrom(0, "127.0.0.1:18080"), StringComparison.Ordinal);
        Assert.StartsWith("web ", AskFrom(0, $"{host}:18080"), StringComparison.Ordinal);
        Assert.StartsWith("web ", Ask("web", $"{host}:18080"), StringComparison.Ordinal);
        Assert.Equal("0.0.0.0:18080\n[::]:18080\n", Tare.Succeed("port", "web", "80"));
        Assert.Equal("80/tcp -> 0.0.0.0:18080\n80/tcp -> [::]:18080\n", Tare.Succeed("port", "web"));
        Assert.Equal("0.0.0.0:18080->80/tcp, [::]:18080->80/tcp\n", Tare.Succeed("ps", "--format", "{{.Ports}}"));
    }

    [Fact]
    public void In_firewall_mode_the_hosts_own_rules_count()
    {
        (int neighbour, string host, _) = Neighbour();
        string configuration = $"{Tare.Root}/../firewall-{Guid.NewGuid():N}.json";
        File.WriteAllText(configuration, """{ "ports-mode": "firewall" }""");
        try
        {
            Tare.Succeed(["--config", configuration, "run", "-d", "--name", "web", "--hostname", "web", "-p", "18090:80", "busybox", "sh", "-c", Web]);
            string answer = Subject.Poll(TimeSpan.FromSeconds(10), () => AskFrom(neighbour, $"{host}:18090"), static answer => answer.Length > 0);
            Assert.StartsWith("web ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("18090", HostNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);

            HostNetwork.Shell("nft 'add table ip own; add chain ip own input { type filter hook input priority 0; }; add rule ip own input tcp dport 18090 drop'");
            Assert.Equal("", AskFrom(neighbour, $"{host}:18090"));
        }
        finally
        {
            HostNetwork.Try("nft delete table ip own");
            File.Delete(configuration);
        }
    }

    [Fact]
    public void A_thousand_ports_and_one_that_has_no_socket()
    {
        Up("first", "-p 30000-30999:30000-30999 -p 7777:7/sctp");
        Assert.Equal(2001, Tare.Succeed("port", "first").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        Refuses(125, "failed to bind host port 0.0.0.0:7777/sctp: address already in use", "run", "--rm", "-p", "7777:7/sctp", "busybox", "true");
        Refuses(125, "failed to bind host port 0.0.0.0:30500/tcp: address already in use", "run", "--rm", "-p", "30500:1", "busybox", "true");
        Assert.Contains("7777", HostNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
    }

    [Fact]
    public void By_IPv6_too_for_a_container_without()
    {
        (int neighbour, _, _) = Neighbour();
        UpWeb("web", "--hostname web -p 18081:80");
        string host = HostNetwork.Shell("ip -6 route get fd00::1 2>&1 || true; ip -6 addr show scope global | grep -o 'fd99:[0-9]*::1' | tail -n 1").Trim().Split('\n')[^1];

        Assert.StartsWith("web ", AskFrom(neighbour, $"[{host}]:18081"), StringComparison.Ordinal);
        Assert.StartsWith("web ", AskFrom(0, "[::1]:18081"), StringComparison.Ordinal);
    }

    /// <summary>CVE-2020-8558, moby before 28, CVE-2025-54388.</summary>
    [Fact]
    public void What_is_published_at_loopback_is_closed_to_neighbours_and_so_is_what_is_not_published()
    {
        (int neighbour, string host, _) = Neighbour();
        UpWeb("web", "--hostname web -p 127.0.0.1:18082:80");
        string inside = Address("web");
        HostNetwork.Shell($"ip route add 127.0.0.0/8 via {host} table 77; ip rule add to 127.0.0.0/8 lookup 77 pref 0; ip rule del pref 0 lookup local; ip rule add pref 1 lookup local", neighbour);

        Assert.StartsWith("web ", AskFrom(0, "127.0.0.1:18082"), StringComparison.Ordinal);
        Assert.Equal("", AskFrom(neighbour, $"{host}:18082"));
        Assert.Equal("", AskFrom(neighbour, "127.0.0.1:18082"));
        Assert.Equal("", AskFrom(neighbour, inside));
        HostNetwork.Shell("nft add table ip foreign; nft flush table ip foreign; nft delete table ip foreign");
        Assert.Equal("", AskFrom(neighbour, "127.0.0.1:18082"));
        Assert.Equal("", AskFrom(neighbour, inside));
    }

    /// <summary>CVE-2025-54410's kin: what is on its way to somebody else, at the same port, is not captured.</summary>
    [Fact]
    public void A_packet_in_transit_is_not_captured()
    {
        (int one, _, _) = Neighbour();
        (int other, _, string far) = Neighbour();
        UpWeb("web", "--hostname web -p 18083:80");
        using System.Diagnostics.Process server = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("nsenter", ["-t", $"{other}", "-n", "busybox", "nc", "-ll", "-p", "18083", "-e", "echo", "far away"]))!;

        (_, string text) = Subject.Poll(
            TimeSpan.FromSeconds(5), () => HostNetwork.Try($"busybox nc -w 2 {far} 18083 </dev/null 2>&1 | head -c 100", one), static answer => answer.Text.Length > 0 && !answer.Text.Contains("can't", StringComparison.Ordinal));
        server.Kill();
        server.WaitForExit();

        Assert.StartsWith("far away\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Udp_ranges_and_ports_that_are_free()
    {
        (int neighbour, string host, string own) = Neighbour();
        Up("udp", "-p 18084:7/udp");
        using System.Diagnostics.Process server = System.Diagnostics.Process.Start("nsenter", ["-t", $"{Pid("udp")}", "-n", "python3", "-c", UdpEcho]);
        (int code, string answer) = Subject.Poll(
            TimeSpan.FromSeconds(10),
            () => HostNetwork.Try($"python3 -c 'import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(1); s.sendto(b\"hello\",(\"{host}\",18084)); print(s.recv(99).decode())'", neighbour),
            static answer => answer.Code == 0);
        server.Kill();
        server.WaitForExit();
        Assert.Equal((0, $"{own} hello\n"), (code, answer));

        UpWeb("range", "--hostname range -p 18090-18092:80-82 -p 80");
        Assert.StartsWith("range ", AskFrom(neighbour, $"{host}:18090"), StringComparison.Ordinal);
        string[] free = Tare.Succeed("port", "range", "80").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(free.Where(line => line.StartsWith("0.", StringComparison.Ordinal)), line => Assert.StartsWith("range ", AskFrom(neighbour, $"{host}:{line.Split(':')[^1]}"), StringComparison.Ordinal));
        Assert.Contains("0.0.0.0:18092", Tare.Succeed("port", "range", "82/tcp"), StringComparison.Ordinal);
        UpWeb("exposed", "--hostname exposed --expose 80 -P");
        Assert.StartsWith("exposed ", AskFrom(0, $"127.0.0.1:{Tare.Succeed("port", "exposed", "80").Split('\n')[0].Split(':')[^1]}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_port_is_refused_in_dockers_words_and_nothing_is_left()
    {
        var busy = new TcpListener(IPAddress.Any, 0);
        busy.Start();
        int port = ((IPEndPoint)busy.LocalEndpoint).Port;
        Refuses(125, $"failed to bind host port 0.0.0.0:{port}/tcp: address already in use", "run", "--rm", "-p", $"{port}:80", "busybox", "true");
        Up("has", "-p 18095:80");
        Refuses(125, "failed to bind host port 0.0.0.0:18095/tcp: address already in use", "run", "-d", "--name", "not", "-p", "18095:81", "busybox", "true");
        busy.Stop();

        AssertClean();
        Tare.Succeed("rm", "-f", "has");
        Tare.Succeed("run", "--rm", "-p", "18095:80", "-p", $"{port}:80", "busybox", "true");
        Tare.Succeed("run", "--rm", "-p", "18095:80", "busybox", "true");
    }

    [Fact]
    public void A_keeper_that_was_killed_is_replaced_and_names_and_relays_are_back()
    {
        Tare.Succeed("network", "create", "names");
        UpWeb("web", "--network names --hostname web -p 18096:80");
        Up("other", "--network names");
        Conversation.Signal("KILL", Keepers.Of(Tare, "web"));
        Conversation.Signal("KILL", Keepers.Of(Tare, "other"));

        // the packet filter's part never stops
        Assert.StartsWith("web ", AskFrom(0, $"{HostAddress("names")}:18096"), StringComparison.Ordinal);
        Tare.Succeed("ps");
        Assert.Equal("web", Subject.Poll(TimeSpan.FromSeconds(5), () => Ask("other", "web").Split(' ')[0], static name => name.Length > 0));
        Assert.Equal("web", Subject.Poll(TimeSpan.FromSeconds(5), () => AskFrom(0, "[::1]:18096").Split(' ')[0], static name => name.Length > 0));
    }

    private string HostAddress(string network) => Tare.Succeed("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network).Trim();
}
