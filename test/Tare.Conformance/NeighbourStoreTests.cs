// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Two stores on one machine do not meet: names, cgroups, checks, repairs.</summary>
[Trait("ring", "kernel")]
public sealed class NeighbourStoreTests : IDisposable
{
    private readonly TareBinary[] _stores = [new(), new()];

    public NeighbourStoreTests()
    {
        foreach (TareBinary tare in _stores)
        {
            Outcome imported = tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes);
            Assert.True(imported.ExitCode == 0, imported.Error);
            tare.Succeed("run", "-d", "--name", "same", "-v", "same:/data", "--hostname", "host", "busybox", "sleep", "1000");
        }
    }

    [Fact]
    public void Each_sees_its_own_only()
    {
        string[] ids = [.. _stores.Select(tare => tare.Succeed("ps", "-q", "--no-trunc").Trim())];
        string[] pids = [.. _stores.Select(tare => tare.Succeed("inspect", "-f", "{{.State.Pid}}", "same").Trim())];
        string[] cgroups = [.. pids.Select(pid => File.ReadAllText($"/proc/{pid}/cgroup"))];

        Assert.NotEqual(ids[0], ids[1]);
        Assert.NotEqual(pids[0], pids[1]);
        Assert.DoesNotContain(File.ReadAllText($"{_stores[1].Root}/id"), cgroups[0], StringComparison.Ordinal);
        Assert.Equal(1, _stores[0].Run("inspect", ids[1]).ExitCode);
        Assert.Equal("", _stores[0].Run("rm", "-f", ids[1]).Text);
        Assert.Equal("running\n", _stores[1].Succeed("inspect", "-f", "{{.State.Status}}", "same"));
    }

    [Fact]
    public void A_repair_of_one_leaves_the_other_alone()
    {
        int keeper = Keepers.Of(_stores[0], "same");
        Conversation.Signal("KILL", keeper);

        Assert.StartsWith("clean: 1 container (1 running)", _stores[1].Succeed("system", "check", "--repair"), StringComparison.Ordinal);
        Assert.Equal(1, _stores[0].Run("system", "check").ExitCode);
        _stores[0].Succeed("system", "check", "--repair");
        _stores[0].Succeed("rm", "-f", "same");

        Assert.StartsWith("clean: 0 containers", _stores[0].Succeed("system", "check"), StringComparison.Ordinal);
        Assert.StartsWith("clean: 1 container (1 running)", _stores[1].Succeed("system", "check"), StringComparison.Ordinal);
        _stores[1].Succeed("exec", "same", "true");
    }

    /// <summary>A file that one writes into a volume of this name is not in the other's.</summary>
    [Fact]
    public void A_volume_of_the_same_name_is_another_one()
    {
        _stores[0].Succeed("exec", "same", "sh", "-c", "echo mine > /data/note");

        Assert.Equal(1, _stores[1].Run("exec", "same", "test", "-e", "/data/note").ExitCode);
    }

    public void Dispose()
    {
        foreach (TareBinary tare in _stores)
        {
            tare.Run("rm", "-f", "same");
            Leftovers.AssertNone(tare);
            tare.Dispose();
        }
    }
}
