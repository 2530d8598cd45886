// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Tare.Conformance;

/// <summary>Containers that do not want to end: they fork without end, leave zombies, are stuck in the kernel.</summary>
[Trait("ring", "kernel")]
public sealed class HardContainerTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    /// <summary>Our patience after a kill, and the time to say so.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(14);

    private TareBinary Tare => store.Tare;

    /// <summary>A shell that cannot fork ends, and so makes room for another one's child: it never comes to rest.</summary>
    [Theory]
    [InlineData("300")]
    [InlineData("4096")]
    public void A_fork_bomb_is_listed_and_ended(string limit)
    {
        const string Bomb = "trap '' TERM HUP INT; b() { while :; do b & done; }; b 2>/dev/null";
        Tare.Succeed("run", "-d", "--name", "bomb", "--pids-limit", limit, "busybox", "sleep", "1000");
        Tare.Succeed("exec", "-d", "bomb", "sh", "-c", Bomb);
        Subject.Await(() => PidsOf("bomb") > 200);

        Assert.Contains("bomb", Within(Short, "ps").Text, StringComparison.Ordinal);
        Assert.Equal("running\n", Within(Short, "inspect", "-f", "{{.State.Status}}", "bomb").Text);
        Assert.InRange(Within(Short, "exec", "bomb", "true").ExitCode, 0, 128);
        Within(Short, "top", "bomb");
        Outcome stopped = Within(Bound, "stop", "-t", "1", "bomb");
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Equal("exited 137\n", Tare.Succeed("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "bomb"));
        Tare.Succeed("rm", "bomb");
        Leftovers.AssertNone(Tare);
    }

    /// <summary>Process 1 never waits for what it adopts, unless it is ours (<c>--init</c>).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_thousand_orphans_do_not_hinder_the_end(bool init)
    {
        const string Orphans = "i=0; while [ $i -lt 10000 ]; do (true &); i=$((i+1)); done; echo done; ";
        string[] flags = init ? ["--init"] : [];

        // an exec'ed sleep as process 1 reaps nobody
        Tare.Succeed(["run", "-d", "--name", "zombies", "--pids-limit", "20000", .. flags, "busybox", "sleep", "1000"]);
        Tare.Succeed("exec", "zombies", "sh", "-c", Orphans);
        if (init)
        {
            Subject.Await(() => PidsOf("zombies") < 10);
        }
        else
        {
            Assert.True(PidsOf("zombies") >= 10000, $"{PidsOf("zombies")} processes");
        }

        Within(Short, "ps");
        Within(Short, "top", "zombies");
        Assert.Equal(0, Within(Short, "exec", "zombies", "true").ExitCode);
        Outcome stopped = Within(Bound, "stop", "-t", "0", "zombies");
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Equal(0, Within(Short, "rm", "zombies").ExitCode);
        Leftovers.AssertNone(Tare);
    }

    /// <summary>A write to a frozen file system waits where no signal reaches it.</summary>
    [Fact]
    public void A_process_that_is_stuck_in_the_kernel_is_named()
    {
        using (var disk = new FrozenDisk(store.HostFolder()))
        {
            int process = WriterTo(disk);
            foreach (string[] args in (string[][])[["stop", "-t", "0", "stuck"], ["rm", "-f", "stuck"]])
            {
                Outcome refused = Within(Bound, args);
                Assert.True(refused.ExitCode == 1, $"{args[0]}: {refused.ExitCode}: {refused.Text}{refused.Error}");
                Assert.Contains($"process {process} (sh) is stuck in the kernel", refused.Error, StringComparison.Ordinal);
            }

            Assert.Contains("stuck", Within(Short, "ps").Text, StringComparison.Ordinal);
            Assert.Equal("running\n", Within(Short, "inspect", "-f", "{{.State.Status}}", "stuck").Text);
            Within(Short, "system", "check", "--quick");
            disk.Thaw();

            // rm -f was told, so it is removed when it ends
            Subject.Await(() => Tare.Succeed("ps", "-aq").Length == 0);
        }

        Leftovers.AssertNone(Tare);
        Assert.StartsWith("clean: 0 containers", Tare.Succeed("system", "check", "--quick"), StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_says_that_a_container_cannot_end()
    {
        using (var disk = new FrozenDisk(store.HostFolder()))
        {
            const string Script = "while :; do echo x >> /disk/file; sleep 0.01; done & echo up; exec sleep 1000";
            Tare.Succeed("run", "-d", "--name", "ending", "-v", $"{disk.Mounted}:/disk", "busybox", "sh", "-c", Script);
            Subject.Await(() => File.Exists($"{disk.Mounted}/file"));
            disk.Freeze();
            Thread.Sleep(300);
            Tare.Run("kill", "ending");

            Outcome refused = Within(Bound, "exec", "ending", "true");

            Assert.Equal((1, "tare: container ending is ending, and a process in it does not end\nhint: tare top ending\n"), (refused.ExitCode, refused.Error));
            disk.Thaw();
            Subject.Await(() => Tare.Succeed("inspect", "-f", "{{.State.Status}}", "ending") == "exited\n");
            Tare.Succeed("rm", "ending");
        }

        Leftovers.AssertNone(Tare);
    }

    /// <summary>The pid of a container's process that waits for the frozen disk.</summary>
    private int WriterTo(FrozenDisk disk)
    {
        const string Script = "echo up; while :; do echo x >> /disk/file; sleep 0.01; done";
        Tare.Succeed("run", "-d", "--name", "stuck", "-v", $"{disk.Mounted}:/disk", "busybox", "sh", "-c", Script);
        Subject.Await(() => Tare.Succeed("logs", "stuck").Contains("up", StringComparison.Ordinal));
        disk.Freeze();
        int process = int.Parse(Tare.Succeed("inspect", "-f", "{{.State.Pid}}", "stuck"), CultureInfo.InvariantCulture);
        Subject.Await(() => Keepers.Field(process, "State")?[0] == 'D');
        return process;
    }

    private int PidsOf(string name)
    {
        string id = Tare.Succeed("inspect", "-f", "{{.Id}}", name).Trim();
        string parent = $"tare-{File.ReadAllText($"{Tare.Root}/id")}";
        string file = new[] { "/sys/fs/cgroup/pids", "/sys/fs/cgroup" }.Select(mount => $"{mount}/{parent}/{id}/pids.current").First(File.Exists);
        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }

    private Outcome Within(TimeSpan bound, params string[] args)
    {
        var watch = Stopwatch.StartNew();
        Outcome outcome = Tare.Run(args);
        Assert.True(watch.Elapsed < bound, $"{string.Join(' ', args)}: {watch.Elapsed}");
        return outcome;
    }
}
