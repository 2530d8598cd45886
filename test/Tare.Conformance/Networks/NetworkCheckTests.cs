// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance.Networks;

/// <summary>Parts of networks that nobody owns are named by <c>system check</c> and removed by <c>--repair</c>.</summary>
public sealed class NetworkCheckTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private string StoreId => File.ReadAllText($"{Tare.Root}/id");

    [Fact]
    public void Each_kind_is_found_and_removed_and_what_is_used_stays()
    {
        Tare.Succeed("network", "create", "--subnet", "10.237.0.0/24", "used");
        UpWeb("web", "--network used --hostname web -p 18100:80");
        Up("other", "--network used");
        AssertClean();
        string id = Tare.Succeed("network", "inspect", "-f", "{{.Id}}", "used").Trim();
        string ghost = new('e', 64);
        string networks = $"{Tare.RunFolder}/networks";
        Directory.CreateDirectory($"{networks}/{ghost}");
        File.CreateSymbolicLink($"{networks}/{id}/10.237.0.99", $"{Tare.RunFolder}/containers/{ghost}");
        HostNetwork.Shell($"ip link add tv{StoreId}zz type veth peer name px{StoreId[..6]}");
        HostNetwork.Shell(
            $"nft add element inet tare-{StoreId} any4 '{{ tcp . 18101 : 10.237.0.99 . 80 }}'; nft add element bridge tare-{StoreId} addresses4 '{{ \"tv{StoreId}zz\" . 10.237.0.99 }}'");

        Outcome found = Tare.Run("system", "check", "--quick");
        Assert.Equal(1, found.ExitCode);
        foreach (string kind in (string[])[$"network  {ghost}", $"address  {id} 10.237.0.99", $"device  tv{StoreId}zz", $"rule  tare-{StoreId} any4", $"rule  tare-{StoreId} addresses4"])
        {
            Assert.Contains(kind, found.Text, StringComparison.Ordinal);
        }

        Assert.Contains("5 findings", found.Text, StringComparison.Ordinal);
        Tare.Run("system", "check", "--quick", "--repair");
        AssertClean();
        Assert.StartsWith("web ", Ask("other", "web"), StringComparison.Ordinal);
        Assert.StartsWith("web ", AskFrom(0, "127.0.0.1:18100"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_killed_is_repaired_by_the_next_command()
    {
        Tare.Succeed("network", "create", "--subnet", "10.238.0.0/24", "kill");
        foreach ((string Call, int When) at in ((string, int)[])[("sendto", 1), ("write", 20), ("symlinkat", 1), ("renameat2", 2), ("renameat", 1), ("setns", 1), ("socket", 4), ("clone3", 1), ("sendmsg", 2)])
        {
            Strike(at, "run", "-d", "--name", "vv", "--network", "kill", "-p", "18102:80", "busybox", "sleep", "1000");
            Up("mover");
            Strike(at, "network", "connect", "kill", "mover");
            Strike(at, "rm", "-f", "mover");
        }

        void Strike((string Call, int When) at, params string[] verb)
        {
            using Conversation run = Tare.Start(
                "sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", Path.Combine(Tare.Folder, "said"), "strace", "-f", "-D", "-qq", "-o", Path.Combine(Tare.Folder, "trace"), "-e", $"trace={at.Call}", "-e",
                string.Create(CultureInfo.InvariantCulture, $"inject={at.Call}:signal=SIGKILL:when={at.When}"), TareBinary.Path, .. verb]);
            run.End();
            Subject.Poll(TimeSpan.FromSeconds(10), () => Tare.Run("ps", "-a").ExitCode == 0 ? Tare.Run("system", "check", "--quick") : Tare.Run("ps"), static check => check.ExitCode == 0);
            Outcome check = Tare.Run("system", "check", "--quick");
            Assert.True(check.ExitCode == 0, $"{string.Join(' ', verb)}: {at}: {check.Text}{check.Error}");
            if (verb[0] is "run" or "rm" && Tare.Succeed("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } left)
            {
                Tare.Succeed(["rm", "-f", .. left]);
            }
        }
    }

    [Theory]
    [InlineData("unlinkat", 1)]
    [InlineData("unlinkat", 2)]
    [InlineData("sendto", 1)]
    [InlineData("write", 4)]
    [InlineData("fdatasync", 1)]
    public void A_removal_that_was_killed_is_finished_by_the_next_command(string call, int when)
    {
        Tare.Succeed("network", "create", "gone");
        using Conversation removal = Tare.Start(
            "sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", Path.Combine(Tare.Folder, "said"), "strace", "-f", "-D", "-qq", "-o", Path.Combine(Tare.Folder, "trace"), "-e", $"trace={call}", "-e",
            string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=SIGKILL:when={when}"), TareBinary.Path, "network", "rm", "gone"]);
        removal.End();

        Tare.Succeed("ps");

        AssertClean();
        Tare.Run("network", "rm", "gone");
        Tare.Succeed("network", "create", "gone");
        Tare.Succeed("network", "rm", "gone");
    }

    [Theory]
    [InlineData(40, 60)]
    [InlineData(200, 300, Explicit = true)]
    public void Many_networks_and_endpoints_come_and_go(int networks, int connections)
    {
        Up("hub");
        for (int i = 0; i < networks; i++)
        {
            Tare.Succeed("network", "create", "--subnet", $"10.240.{i}.0/24", $"n{i}");
            Tare.Succeed("network", "connect", $"n{i}", "hub");
        }

        Up("second");
        for (int i = 0; i < connections; i++)
        {
            Tare.Succeed("network", "connect", $"n{i % networks}", i < networks ? "second" : Third(i));
        }

        AssertClean();
        Assert.Equal(networks + 1, In("hub", "ls -d /sys/class/net/eth*").Trim().Split('\n').Length);
        Tare.Succeed(["rm", "-f", .. Tare.Succeed("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        Tare.Succeed("network", "prune", "-f");
        AssertClean();
        Assert.Equal("", Tare.Succeed("network", "ls", "-q", "--filter", "type=custom"));
        Subject.Poll(TimeSpan.FromSeconds(5), () => HostNetwork.Devices(Tare).Length, static count => count <= 1);
        Assert.Equal([$"tare-{StoreId}"], HostNetwork.Devices(Tare));

        string Third(int i)
        {
            if (i == networks || i == 2 * networks)
            {
                Up($"third{i / networks}");
            }

            return $"third{i / networks}";
        }
    }
}
