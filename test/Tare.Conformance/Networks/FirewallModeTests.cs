// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>Ports in mode firewall: the host's own rules count, and the container sees who comes. security.md A.7.</summary>
public sealed class FirewallModeTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private const string UdpEcho =
        "import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind((\"\",7))\nwhile True:\n d,a=s.recvfrom(99); s.sendto((a[0]+\" \").encode()+d,a)";

    /// <summary>How the store's marks begin in lists; of other stores that run meanwhile there may be some.</summary>
    private string Mark => $"0x74{File.ReadAllText($"{Tare.Root}/id")[2..]}";

    [Fact]
    public void The_container_sees_the_neighbour_and_what_leads_answers_back_goes_with_the_last_port()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p published=18110,target=80,ports-mode=firewall");
        UpWeb("more", "--hostname more -p published=18111,target=80,ports-mode=firewall");

        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18110"));
        Assert.Equal($"more {own}", AskFrom(neighbour, $"{host}:18111"));

        // the container could not answer them past the host: so it sees the gateway
        string gateway = Tare.Succeed("inspect", "-f", "{{.NetworkSettings.Gateway}}", "web").Trim();
        Assert.Equal($"web {gateway}", AskFrom(0, "127.0.0.1:18110"));
        Assert.Equal($"web {gateway}", Ask("more", $"{host}:18110"));
        Assert.Equal("[{\"HostIp\":\"\",\"HostPort\":\"18110\",\"PortsMode\":\"firewall\"}]\n", Tare.Succeed("inspect", "-f", "{{json (index .HostConfig.PortBindings \"80/tcp\")}}", "web"));
        Assert.Contains(Mark, HostNetwork.Shell("ip rule"), StringComparison.Ordinal);

        Tare.Succeed("rm", "-f", "web");
        Assert.Equal($"more {own}", AskFrom(neighbour, $"{host}:18111"));
        Tare.Succeed("rm", "-f", "more");
        Assert.DoesNotContain(Mark, HostNetwork.Shell("ip rule; ip -6 rule"), StringComparison.Ordinal);
        Assert.Equal("", HostNetwork.Shell($"ip route show table {Mark} 2>&1 || true").Replace("Error: ipv4: FIB table does not exist.\nDump terminated\n", "", StringComparison.Ordinal).Trim());
    }

    [Fact]
    public void By_IPv6_and_through_the_strictest_check_of_sources()
    {
        (int neighbour, string host, string own) = Neighbour();
        string number = host.Split('.')[2];
        Tare.Succeed("network", "create", "--ipv6", "six");
        UpWeb("web", "--network six --hostname web -p published=18112,target=80,ports-mode=firewall");
        HostNetwork.Shell("sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.all.src_valid_mark=1");
        try
        {
            Assert.Equal($"web fd99:{number}::2", AskFrom(neighbour, $"[fd99:{number}::1]:18112"));
            Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18112"));
        }
        finally
        {
            HostNetwork.Shell("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.src_valid_mark=0");
        }
    }

    [Fact]
    public void The_policy_of_the_hosts_input_closes_it_and_opens_it()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p published=18113,target=80,ports-mode=firewall -p 18114:80");

        // for this neighbour alone: other tests have theirs
        string lan = $"lan{host.Split('.')[2]}";
        HostNetwork.Shell(
            $"nft 'add table inet own; add chain inet own input {{ type filter hook input priority 0; policy drop; }}; add rule inet own input iifname != {lan} accept; add rule inet own input ct state established,related accept'");
        try
        {
            Assert.Equal("", AskFrom(neighbour, $"{host}:18113"));
            Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18114"));

            HostNetwork.Shell("nft add rule inet own input tcp dport 18113 accept");
            Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18113"));
        }
        finally
        {
            HostNetwork.Try("nft delete table inet own");
        }
    }

    [Fact]
    public void Datagrams_too()
    {
        (int neighbour, string host, string own) = Neighbour();
        Up("udp", "-p published=18115,target=7,protocol=udp,ports-mode=firewall");
        using System.Diagnostics.Process server = System.Diagnostics.Process.Start("nsenter", ["-t", $"{Pid("udp")}", "-n", "python3", "-c", UdpEcho]);
        string ask = $"python3 -c 'import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(1); s.sendto(b\"hello\",(\"{host}\",18115)); print(s.recv(99).decode())'";
        (int Code, string Text) answer = Subject.Poll(TimeSpan.FromSeconds(20), () => HostNetwork.Try(ask, neighbour), static answer => answer.Code == 0);
        server.Kill();
        server.WaitForExit();

        Assert.Equal((0, $"{own} hello\n"), answer);
    }

    [Fact]
    public void A_keeper_that_was_killed_is_replaced_and_the_container_sees_who_comes_again()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p published=18116,target=80,ports-mode=firewall");
        Conversation.Signal("KILL", Keepers.Of(Tare, "web"));

        Assert.Equal($"web {own}", Subject.Poll(TimeSpan.FromSeconds(10), () => AdoptedAnswer(neighbour, $"{host}:18116"), static answer => answer.Length > 0));
    }

    [Fact]
    public void What_others_took_away_or_nobody_needs_is_found_and_repaired()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p published=18117,target=80,ports-mode=firewall");

        // its keeper makes rules anew whenever somebody changes the packet filter, and this with them
        string seen = $"route  mark {Mark}";
        string found = Subject.Poll(
            TimeSpan.FromSeconds(20),
            () =>
            {
                HostNetwork.Shell($"ip rule del pref 85 fwmark {Mark} 2>&1 || true");
                return Tare.Run("system", "check", "--quick").Text;
            },
            text => text.Contains(seen, StringComparison.Ordinal));
        Assert.Contains(seen, found, StringComparison.Ordinal);
        Tare.Run("system", "check", "--quick", "--repair");
        AssertClean();
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18117"));

        Tare.Succeed("rm", "-f", "web");
        AssertClean();
        HostNetwork.Shell($"ip rule add pref 85 fwmark {Mark} lookup {Mark}");
        Assert.Contains($"route  mark {Mark}", Tare.Run("system", "check", "--quick").Text, StringComparison.Ordinal);
        Tare.Run("system", "check", "--quick", "--repair");
        AssertClean();
        Assert.DoesNotContain(Mark, HostNetwork.Shell("ip rule"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_that_somebody_else_has_is_refused_and_nothing_is_left()
    {
        Tare.Succeed("network", "ls");
        HostNetwork.Shell($"ip rule add pref 60 fwmark {Mark} lookup 7");
        try
        {
            Refuses(125, "show clients' addresses at ports in mode firewall", "run", "-d", "--name", "not", "-p", "published=18118,target=80,ports-mode=firewall", "busybox", "sleep", "9");
        }
        finally
        {
            HostNetwork.Shell($"ip rule del pref 60 fwmark {Mark}");
        }

        Tare.Run("rm", "-f", "not");
        AssertClean();
        Refuses(125, "ports-mode \"both\" is neither nat nor firewall", "run", "--rm", "-p", "target=80,ports-mode=both", "busybox", "true");
    }

    /// <summary>The next command that comes by after the kernel has ended a keeper gives the container a new one.</summary>
    private string AdoptedAnswer(int neighbour, string host)
    {
        Tare.Succeed("ps");
        return AskFrom(neighbour, host);
    }
}
