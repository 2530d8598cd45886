// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>What <c>ps</c>, <c>inspect</c> and <c>rm</c> say of containers whose processes are killed one after another.</summary>
[Trait("ring", "kernel")]
public sealed class RunLifeTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private const string WaitForGo = "echo ready; while [ ! -e /h/go ]; do sleep 0.02; done; exit 9";

    [Fact]
    public void A_running_container_is_told_and_kept()
    {
        string host = store.HostFolder();
        using Conversation run = Start("running", host);

        Assert.Equal("running true\n", store.Tare.Succeed("inspect", "-f", "{{.State.Status}} {{.State.Running}}", "running"));
        Assert.Contains("Up ", store.Tare.Succeed("ps"), StringComparison.Ordinal);
        Outcome refused = store.Tare.Run("rm", "running");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is running", refused.Error, StringComparison.Ordinal);

        File.WriteAllText($"{host}/go", "");
        Assert.Equal(9, run.End().ExitCode);
        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void A_container_outlives_who_started_it_and_its_end_is_recorded()
    {
        string host = store.HostFolder();
        using Conversation run = Start("orphan", host, rm: false);
        run.Signal("KILL");
        run.End();
        Assert.Equal("running\n", Status("orphan"));

        File.WriteAllText($"{host}/go", "");
        Await(() => Status("orphan") == "exited\n");

        Assert.Equal("9\n", store.Tare.Succeed("inspect", "-f", "{{.State.ExitCode}}", "orphan"));
        Assert.Contains("Exited (9)", store.Tare.Succeed("ps", "-a"), StringComparison.Ordinal);
        Leftovers.AssertNone(store.Tare, containers: 1);
        store.Tare.Succeed("rm", "orphan");
        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void An_orphan_with_rm_removes_itself()
    {
        string host = store.HostFolder();
        using Conversation run = Start("brief", host);
        run.Signal("KILL");
        run.End();

        File.WriteAllText($"{host}/go", "");

        Leftovers.AssertNone(store.Tare);
        Assert.Equal("", store.Tare.Succeed("ps", "-aq"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_keeper_is_killed_the_container_goes_on_and_so_does_the_command(bool rm)
    {
        string host = store.HostFolder();
        using Conversation run = Start("unkept", host, rm);
        Conversation.Signal("KILL", KeeperOf("unkept"));
        Await(() => KeeperOf("unkept") is var keeper && IsKeeper(keeper));

        File.WriteAllText($"{host}/go", "");

        Assert.Equal(9, run.End().ExitCode);
        if (!rm)
        {
            Assert.Equal("9\n", store.Tare.Succeed("inspect", "-f", "{{.State.ExitCode}}", "unkept"));
            store.Tare.Succeed("rm", "unkept");
        }

        Leftovers.AssertNone(store.Tare);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_keeper_and_starter_are_killed_the_next_command_adopts_the_container(bool rm)
    {
        string host = store.HostFolder();
        using Conversation run = Start("abandoned", host, rm);
        int keeper = KeeperOf("abandoned");
        run.Signal("KILL");
        run.End();
        Conversation.Signal("KILL", keeper);

        Assert.Contains("Up ", store.Tare.Succeed("ps"), StringComparison.Ordinal);
        File.WriteAllText($"{host}/go", "");

        if (rm)
        {
            Await(() => store.Tare.Succeed("ps", "-aq").Length == 0);
        }
        else
        {
            Await(() => Status("abandoned") == "exited\n");
            Assert.Equal("9\n", store.Tare.Succeed("inspect", "-f", "{{.State.ExitCode}}", "abandoned"));
            store.Tare.Succeed("rm", "abandoned");
        }

        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void A_running_container_is_removed_by_force()
    {
        using Conversation run = Start("forced", store.HostFolder(), rm: false);

        Assert.Equal("forced\n", store.Tare.Succeed("rm", "-f", "forced"));

        Assert.Equal(137, run.End().ExitCode);
        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void Two_containers_change_and_the_image_does_not()
    {
        string before = Snapshot();
        store.Tare.Succeed("run", "--name", "first", "busybox", "sh", "-c", "echo 1 >/etc/group; rm /data/from-image");
        store.Tare.Succeed("run", "--name", "second", "busybox", "sh", "-c", "echo 2 >/etc/group; mkdir /mine; [ -e /data/from-image ]");

        Assert.Equal(before, Snapshot());
        Assert.Equal("copied up", store.Shell("cat /data/from-image; [ ! -e /mine ]"));
        Assert.Equal(2, store.Tare.Succeed("ps", "-aq").Count(c => c == '\n'));
        Leftovers.AssertNone(store.Tare, containers: 2);
        Assert.Equal("first\nsecond\n", store.Tare.Succeed("rm", "first", "second"));
        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void Twenty_containers_run_at_once()
    {
        Outcome[] outcomes = Many(20, i => ["run", "--rm", "busybox", "sh", "-c", $"echo {i}; exit {i}"]);

        for (int i = 0; i < outcomes.Length; i++)
        {
            Assert.Equal((i, $"{i}\n", ""), (outcomes[i].ExitCode, outcomes[i].Text, outcomes[i].Error));
        }

        Leftovers.AssertNone(store.Tare);
    }

    [Fact]
    public void Of_ten_with_the_same_name_one_wins()
    {
        Outcome[] outcomes = Many(10, _ => ["run", "--name", "wanted", "busybox", "true"]);

        Assert.Single(outcomes, outcome => outcome.ExitCode == 0);
        Assert.All(outcomes.Where(outcome => outcome.ExitCode != 0), outcome =>
        {
            Assert.Equal(125, outcome.ExitCode);
            Assert.Contains("\"/wanted\" is already in use", outcome.Error, StringComparison.Ordinal);
        });
        store.Tare.Succeed("rm", "wanted");
        Leftovers.AssertNone(store.Tare);
    }

    private Outcome[] Many(int count, Func<int, string[]> command)
    {
        Conversation[] runs = [.. Enumerable.Range(0, count).Select(i => store.Tare.Start(TareBinary.Path, command(i)))];
        return [.. runs.Select(run =>
        {
            using (run)
            {
                return run.End();
            }
        })];
    }

    private Conversation Start(string name, string host, bool rm = true)
    {
        string[] flags = rm ? ["--rm"] : [];
        Conversation run = store.Tare.Start(
            TareBinary.Path, ["run", .. flags, "--name", name, "-v", $"{host}:/h", "busybox", "sh", "-c", WaitForGo]);
        run.Expect("ready");
        return run;
    }

    private string Status(string name) => store.Tare.Succeed("inspect", "-f", "{{.State.Status}}", name);

    /// <summary>As the keeper itself wrote it down: an adopted container is nobody's child.</summary>
    private int KeeperOf(string name)
    {
        string id = store.Tare.Succeed("inspect", "-f", "{{.Id}}", name).Trim();
        byte[] state = File.ReadAllBytes(Path.Combine(store.Tare.RunFolder, "containers", id, "state"));
        return BitConverter.ToInt32(state, 8);
    }

    private static bool IsKeeper(int pid) =>
        File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/stat").Contains("(tare keeper) S", StringComparison.Ordinal);

    private string Snapshot() => string.Join('\n', Directory.EnumerateFiles(Path.Combine(store.Tare.Root, "layers"), "*", SearchOption.AllDirectories)
        .Select(file => new FileInfo(file)).Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks} {file.LinkTarget}")
        .Order(StringComparer.Ordinal));

    private static void Await(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "it never came");
        }
    }
}
