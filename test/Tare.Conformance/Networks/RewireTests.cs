// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>Ports that come and go while a container runs or not: <c>update --publish-add --publish-rm</c>.</summary>
public sealed class RewireTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Theory]
    [InlineData("nat", 18130)]
    [InlineData("firewall", 18140)]
    public void Of_a_container_that_runs_at_once_and_for_each_later_start(string mode, int port)
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", $"--hostname web -p published={port},target=80,ports-mode={mode}");

        Assert.Equal("web\n", Tare.Succeed("update", "--publish-add", $"published={port + 1},target=80,ports-mode={mode}", "web"));
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:{port + 1}"));
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:{port}"));
        Assert.Contains($"0.0.0.0:{port + 1}\n", Tare.Succeed("port", "web", "80"), StringComparison.Ordinal);

        Tare.Succeed("update", "--publish-rm", $"{port}:80", "web");
        Assert.Equal("", AskFrom(neighbour, $"{host}:{port}"));
        Assert.Equal("", AskFrom(0, $"[::1]:{port}"));
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:{port + 1}"));
        Assert.Equal($"0.0.0.0:{port + 1}\n[::]:{port + 1}\n", Tare.Succeed("port", "web", "80"));
        Assert.Contains($"{port + 1}", Tare.Succeed("inspect", "-f", "{{json .NetworkSettings.Ports}}", "web"), StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{port}\"", Tare.Succeed("inspect", "web"), StringComparison.Ordinal);

        // it is free for others, survives a keeper, and a restart
        Tare.Succeed("run", "--rm", "-p", $"{port}:80", "busybox", "true");
        Conversation.Signal("KILL", Keepers.Of(Tare, "web"));
        Assert.Equal($"web {own}", Subject.Poll(TimeSpan.FromSeconds(10), () => AdoptedAnswer(neighbour, $"{host}:{port + 1}"), static answer => answer.Length > 0));
        Tare.Succeed("restart", "-t", "0", "web");
        Assert.Equal($"web {own}", Subject.Poll(TimeSpan.FromSeconds(10), () => AskFrom(neighbour, $"{host}:{port + 1}"), static answer => answer.Length > 0));

        // the last one
        Tare.Succeed("update", "--publish-rm", "80", "web");
        Assert.Equal("", AskFrom(neighbour, $"{host}:{port + 1}"));
        Assert.Equal("", AskFrom(0, $"[::1]:{port + 1}"));
        Assert.Equal("", Tare.Succeed("port", "web"));
        Assert.Equal("null\n", Tare.Succeed("inspect", "-f", "{{json .HostConfig.PortBindings}}", "web"));
        AssertClean();
    }

    [Theory]
    [InlineData("nat", 18150)]
    [InlineData("firewall", 18151)]
    public void A_port_of_the_host_is_led_elsewhere_in_one_step(string mode, int port)
    {
        (int neighbour, string host, _) = Neighbour();
        UpWeb("web", $"--hostname web -p published={port},target=81,ports-mode={mode} --publish {port + 10}:7/udp");
        Assert.Equal("", AskFrom(neighbour, $"{host}:{port}"));

        Tare.Succeed("update", "--publish-add", $"published={port},target=80,ports-mode={mode}", "--publish-rm", "81", "web");

        Assert.StartsWith("web ", AskFrom(neighbour, $"{host}:{port}"), StringComparison.Ordinal);
        Assert.StartsWith("web ", AskFrom(0, $"[::1]:{port}"), StringComparison.Ordinal);
        Assert.Equal($"7/udp -> 0.0.0.0:{port + 10}\n7/udp -> [::]:{port + 10}\n80/tcp -> 0.0.0.0:{port}\n80/tcp -> [::]:{port}\n", Tare.Succeed("port", "web"));
        AssertClean();
    }

    [Fact]
    public void From_one_mode_to_the_other()
    {
        (int neighbour, string host, string own) = Neighbour();
        UpWeb("web", "--hostname web -p 18160:80");
        Tare.Succeed("update", "--publish-rm", "80", "--publish-add", "published=18160,target=80,ports-mode=firewall", "web");
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18160"));
        Assert.DoesNotContain("18160", HostNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);

        Tare.Succeed("update", "--publish-rm", "80", "--publish-add", "18160:80", "web");
        Assert.Equal($"web {own}", AskFrom(neighbour, $"{host}:18160"));
        Assert.Contains("18160", HostNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_port_is_refused_as_at_a_start_and_nothing_changes()
    {
        UpWeb("web", "--hostname web -p 18170:80");
        Up("other", "-p 18171:80 -p 18172:7/sctp");
        string before = Tare.Succeed("inspect", "web");
        string rules = Rules();

        Refuses(1, "failed to bind host port 0.0.0.0:18171/tcp: address already in use", "update", "--publish-add", "18173:81", "--publish-add", "18171:80", "--publish-rm", "80", "-m", "64m", "web");
        Refuses(1, "failed to bind host port 0.0.0.0:18172/sctp: address already in use", "update", "--publish-add", "18172:7/sctp", "web");
        Refuses(1, "failed to bind host port 0.0.0.0:18170/tcp: address already in use", "update", "--publish-add", "18170:81", "web");
        Refuses(1, "no public port '81/tcp' published for web", "update", "--publish-rm", "81", "web");

        Assert.Equal(before, Tare.Succeed("inspect", "web"));
        Assert.Equal(rules, Rules());
        Assert.StartsWith("web ", AskFrom(0, "127.0.0.1:18170"), StringComparison.Ordinal);
        Assert.Equal("", AskFrom(0, "127.0.0.1:18173"));
        AssertClean();
    }

    [Fact]
    public void Of_one_that_does_not_run_it_is_written_down()
    {
        Tare.Succeed("create", "--name", "web", "--hostname", "web", "-p", "18180:81", "busybox", "sh", "-c", Web);
        Assert.Equal("web\n", Tare.Succeed("update", "--publish-add", "18181:80", "--publish-rm", "81", "web"));
        Assert.Equal("{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"18181\"}]}\n", Tare.Succeed("inspect", "-f", "{{json .HostConfig.PortBindings}}", "web"));
        Assert.Equal("{\"80/tcp\":{}}\n", Tare.Succeed("inspect", "-f", "{{json .Config.ExposedPorts}}", "web"));
        Assert.Equal("", Tare.Succeed("port", "web"));

        Tare.Succeed("start", "web");
        Assert.StartsWith("web ", Subject.Poll(TimeSpan.FromSeconds(10), () => AskFrom(0, "127.0.0.1:18181"), static answer => answer.Length > 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_network_of_its_own_there_is_nothing_to_publish()
    {
        Up("none", "--network none");
        Up("host", "--network host");
        Tare.Succeed("network", "create", "--internal", "inner");
        Up("inner", "--network inner");

        Refuses(1, "port publishing and the network mode none", "update", "--publish-add", "18190:80", "none");
        Refuses(1, "port publishing and the network mode host", "update", "--publish-add", "18190:80", "host");
        Refuses(1, "none of its networks leads outside", "update", "--publish-add", "18190:80", "inner");
        Outcome both = Tare.Run("update", "--publish-add", "18190:80", "missing", "none");
        Assert.Equal(1, both.ExitCode);
        Assert.Contains("No such container: missing", both.Error, StringComparison.Ordinal);
    }

    /// <summary>What is recorded is what leads there, wherever it was killed.</summary>
    [Fact]
    public void Killed_half_way_it_is_finished_or_taken_back_by_the_next_command()
    {
        UpWeb("web", "--hostname web -p 18200:80 -p 18201:81");
        foreach ((string Call, int When) at in ((string, int)[])[("renameat", 1), ("renameat", 2), ("renameat", 3), ("sendmsg", 1), ("sendmsg", 2), ("write", 1), ("write", 3), ("write", 5), ("pwrite64", 1), ("fdatasync", 1)])
        {
            Strike(at, "update", "--publish-add", "18201:80", "--publish-add", "18202:80", "--publish-rm", "81", "--publish-rm", "18200:80", "web");
            bool isDone = Recorded().Contains("18202", StringComparison.Ordinal);
            string[] expected = isDone ? ["80/tcp -> 0.0.0.0:18201", "80/tcp -> 0.0.0.0:18202"] : ["80/tcp -> 0.0.0.0:18200", "81/tcp -> 0.0.0.0:18201"];
            Assert.Equal(expected, Tare.Succeed("port", "web").Split('\n').Where(static line => line.Contains("0.0.0.0", StringComparison.Ordinal)));
            foreach (int port in (int[])[18200, 18201, 18202])
            {
                bool leads = isDone ? port != 18200 : port == 18200;
                Assert.Equal((at, port, leads ? "web" : ""), (at, port, AskFrom(0, $"[::1]:{port}").Split(' ')[0]));
                Assert.Equal((at, port, leads ? "web" : ""), (at, port, AskFrom(0, $"127.0.0.1:{port}").Split(' ')[0]));
            }

            if (isDone)
            {
                Tare.Succeed("update", "--publish-rm", "80", "--publish-add", "18200:80", "--publish-add", "18201:81", "web");
            }
        }

        string Recorded() => Tare.Succeed("inspect", "-f", "{{json .HostConfig.PortBindings}}", "web");
    }

    /// <summary>Of this store: others run beside.</summary>
    private string Rules()
    {
        string table = $"tare-{File.ReadAllText($"{Tare.Root}/id")}";
        return HostNetwork.Shell($"nft list table inet {table}; nft list table bridge {table}");
    }

    private void Strike((string Call, int When) at, params string[] verb)
    {
        using Conversation run = Tare.Start(
            "sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", Path.Combine(Tare.Folder, "said"), "strace", "-f", "-D", "-qq", "-o", Path.Combine(Tare.Folder, "trace"), "-e", $"trace={at.Call}", "-e",
            $"inject={at.Call}:signal=SIGKILL:when={at.When}", TareBinary.Path, .. verb]);
        run.End();
        Outcome check = Subject.Poll(
            TimeSpan.FromSeconds(10), () => Tare.Run("ps", "-a").ExitCode == 0 ? Tare.Run("system", "check", "--quick") : Tare.Run("ps"), static check => check.ExitCode == 0);
        Assert.True(check.ExitCode == 0, $"{at}: {check.Text}");
    }

    /// <summary>The next command that comes by after the kernel has ended a keeper gives the container a new one.</summary>
    private string AdoptedAnswer(int neighbour, string host)
    {
        Tare.Succeed("ps");
        return AskFrom(neighbour, host);
    }
}
