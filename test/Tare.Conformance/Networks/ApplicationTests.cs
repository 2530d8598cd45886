// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>An application of several containers, and two stores side by side.</summary>
public sealed class ApplicationTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    /// <summary>The web server asks both others by name for each answer.</summary>
    [Fact]
    public void Three_containers_by_name_are_reached_from_another_machine()
    {
        (int neighbour, string host, _) = Neighbour();
        Tare.Succeed("network", "create", "front");
        Tare.Succeed("network", "create", "--internal", "back");
        Up("db", "--network back", "exec nc -ll -p 5432 -e echo rows");
        Up("cache", "--network back --network-alias redis", "exec nc -ll -p 6379 -e echo warm");
        Up(
            "web",
            "--network front --network back -p 18190:80",
            "mkdir -p /www/cgi-bin; printf '%s\\n' '#!/bin/sh' 'ip() { nslookup -type=a $1 | sed -n \"/^Name/,\\$s/^Address: //p\"; }' 'echo; echo \"$(nc $(ip db) 5432 </dev/null) $(nc $(ip redis) 6379 </dev/null)\"' >/www/cgi-bin/app; chmod 755 /www/cgi-bin/app; exec httpd -f -p 80 -h /www");

        (int _, string text) = Subject.Poll(
            TimeSpan.FromSeconds(10), () => HostNetwork.Try($"printf 'GET /cgi-bin/app HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 3 {host} 18190 | tail -n 1", neighbour), static answer => answer.Text == "rows warm\n");
        Assert.Equal("rows warm\n", text);
        Tare.Succeed("restart", "-t", "0", "db");
        (_, text) = Subject.Poll(
            TimeSpan.FromSeconds(10), () => HostNetwork.Try($"printf 'GET /cgi-bin/app HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 3 {host} 18190 | tail -n 1", neighbour), static answer => answer.Text == "rows warm\n");
        Assert.Equal("rows warm\n", text);
        Assert.NotEqual(0, HostNetwork.Try($"busybox nc -w 2 {Address("db", "back")} 5432 </dev/null | grep rows", neighbour).Code);
    }

    [Fact]
    public void Two_stores_have_networks_of_the_same_name_and_other_addresses()
    {
        using var second = new BusyboxStore();
        UpWeb("web", "--hostname first");
        second.Tare.Succeed("run", "-d", "--name", "web", "--hostname", "second", "busybox", "sh", "-c", Web);
        try
        {
            string other = second.Tare.Succeed("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web").Trim();
            Assert.NotEqual(Address("web"), other);
            Assert.StartsWith("second ", Subject.Poll(TimeSpan.FromSeconds(5), () => AskFrom(0, other), static answer => answer.Length > 0), StringComparison.Ordinal);

            // what is not published is closed to containers of other networks
            Assert.Equal("", Ask("web", other));
            Tare.Succeed("system", "check", "--quick", "--repair");
            Assert.StartsWith("second ", AskFrom(0, other), StringComparison.Ordinal);
        }
        finally
        {
            second.Tare.Succeed("rm", "-f", "web");
        }
    }
}
