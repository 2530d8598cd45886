// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tare.Conformance.Networks;

/// <summary>Containers find each other, and the world, by name.</summary>
public sealed class NameTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void By_name_alias_hostname_and_short_id_and_back()
    {
        Tare.Succeed("network", "create", "names");
        UpWeb("web", "--network names --network-alias www --hostname box");
        Up("other", "--network names");
        string id = Tare.Succeed("inspect", "-f", "{{.Id}}", "web")[..12];
        string address = Address("web", "names");

        foreach (string name in (string[])["web", "www", "box", id, "WEB", "web.names"])
        {
            Assert.StartsWith("box ", Ask("other", name), StringComparison.Ordinal);
        }

        Assert.Contains("web.names", In("other", $"nslookup {address}"), StringComparison.Ordinal);
        Assert.Contains("nameserver 127.0.0.11", In("other", "cat /etc/resolv.conf"), StringComparison.Ordinal);
        Tare.Succeed("rename", "web", "renamed");
        Assert.StartsWith("box ", Ask("other", "renamed"), StringComparison.Ordinal);
        Assert.Equal("", Ask("other", "web"));
    }

    [Fact]
    public void Those_with_one_alias_take_turns_and_who_ends_is_gone_at_once()
    {
        Tare.Succeed("network", "create", "names");
        UpWeb("one", "--network names --network-alias app --hostname one");
        UpWeb("two", "--network names --network-alias app --hostname two");
        Up("other", "--network names");

        var seen = Enumerable.Range(0, 12).Select(_ => Ask("other", "app").Split(' ')[0]).ToHashSet();
        Assert.Equal(["one", "two"], seen.Order());
        Tare.Succeed("rm", "-f", "one");
        Assert.All(Enumerable.Range(0, 4), _ => Assert.StartsWith("two ", Ask("other", "app"), StringComparison.Ordinal));
    }

    [Fact]
    public void On_the_default_network_there_are_no_names_but_links()
    {
        UpWeb("web", "--hostname box");
        Up("other");
        Up("linked", "--link web:alias");

        Assert.Equal("", Ask("other", "web"));
        Assert.StartsWith("box ", Ask("other", Address("web")), StringComparison.Ordinal);
        Assert.StartsWith("box ", Ask("linked", "alias"), StringComparison.Ordinal);
        Assert.StartsWith("box ", Ask("linked", "web"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_container_can_serve_names_itself()
    {
        Tare.Succeed("network", "create", "names");
        Up("web", "--network names");

        Assert.Matches(@":53 ", In("web", "nc -l -p 53 >/tmp/out 2>&1 & sleep 0.3; netstat -ltn; cat /tmp/out; kill $!"));
    }

    [Fact]
    public void Other_names_are_asked_of_the_resolvers_that_were_given_and_of_nobody_on_an_internal_network()
    {
        using var resolver = new ScriptedResolver();
        Tare.Succeed("network", "create", "out");
        Tare.Succeed("network", "create", "--internal", "in");
        Up("outside", $"--network out --dns {resolver.Address}");
        Up("inside", $"--network in --dns {resolver.Address}");
        Up("web", "--network in");

        Assert.Contains("192.0.2.7", In("outside", "nslookup -type=a outer.example"), StringComparison.Ordinal);
        Assert.Contains("outer.example", resolver.Asked);
        Outcome refused = Tare.Run("exec", "inside", "nslookup", "-type=a", "secret.example");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("NXDOMAIN", refused.Text + refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.example", resolver.Asked);
        Assert.Contains(Address("web", "in"), In("inside", "nslookup -type=a web"), StringComparison.Ordinal);
    }

    /// <summary>A name server of the host that knows one address for every name.</summary>
    private sealed class ScriptedResolver : IDisposable
    {
        private const int HeaderBytes = 12;
        private static int _last = 1;
        private readonly UdpClient _socket;
        private readonly List<string> _asked = [];

        public ScriptedResolver()
        {
            // 127.0.0.0/8 is the host's own: its keepers reach it, and no two tests have the same
            Address = $"127.53.0.{Interlocked.Increment(ref _last)}";
            _socket = new(new IPEndPoint(IPAddress.Parse(Address), 53));
            new Thread(Answer) { IsBackground = true }.Start();
        }

        public string Address { get; }

        public IReadOnlyList<string> Asked
        {
            get
            {
                lock (_asked)
                {
                    return [.. _asked];
                }
            }
        }

        public void Dispose() => _socket.Dispose();

        private void Answer()
        {
            try
            {
                while (true)
                {
                    IPEndPoint from = new(IPAddress.Any, 0);
                    byte[] question = _socket.Receive(ref from);
                    if (question.Length <= HeaderBytes)
                    {
                        // disposing wakes a receive with nothing
                        return;
                    }

                    int end = HeaderBytes;
                    var name = new StringBuilder();
                    for (; question[end] != 0; end += question[end] + 1)
                    {
                        name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(question, end + 1, question[end]));
                    }

                    lock (_asked)
                    {
                        _asked.Add(name.ToString());
                    }

                    byte[] asked = question[HeaderBytes..(end + 5)];
                    _socket.Send([.. question[..2], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. asked, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 7], from);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }
    }
}
