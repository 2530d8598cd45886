// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>Keepers whose binary is replaced beside them, or who are stopped.</summary>
[Trait("ring", "kernel")]
public sealed class KeeperLifeTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private const string Ticking = "n=0; while :; do n=$((n+1)); echo tick $n; sleep 0.05; done";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private TareBinary Tare => store.Tare;

    /// <summary>The new binary is a file of its own at the old path, as an installer leaves it; the old inode has no name.</summary>
    [Fact]
    public void A_container_survives_the_replacement_of_the_binary()
    {
        string installed = Path.Combine(store.HostFolder(), "tare");
        TareBinary.CopyTo(installed);
        Assert.Equal(0, Call(installed, "run", "-d", "--name", "old", "busybox", "sh", "-c", Ticking).ExitCode);
        TareBinary.CopyTo($"{installed}.new");
        File.Move($"{installed}.new", installed, overwrite: true);

        Assert.Equal("running\n", Call(installed, "inspect", "-f", "{{.State.Status}}", "old").Text);
        Assert.Equal("inside\n", Call(installed, "exec", "old", "echo", "inside").Text);
        using (Conversation logs = Tare.Start(installed, "logs", "-f", "--tail", "1", "old"))
        {
            logs.Expect("tick", logs.Expect("tick"));
        }

        using (Conversation attached = Tare.Start(installed, "attach", "--sig-proxy=false", "old"))
        {
            attached.Expect("tick");
        }

        Outcome stop = Call(installed, "stop", "-t", "0", "old");
        Assert.True(stop.ExitCode == 0, stop.Error);
        Assert.Equal("exited 137\n", Call(installed, "inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "old").Text);
        Assert.Equal(0, Call(installed, "rm", "old").ExitCode);
        Leftovers.AssertNone(Tare);
    }

    /// <summary>Who settles a container that ends while no binary is there: the next command, from wherever it comes.</summary>
    [Fact]
    public void A_container_ends_while_the_binary_is_gone()
    {
        string installed = Path.Combine(store.HostFolder(), "tare");
        TareBinary.CopyTo(installed);
        Assert.Equal(0, Call(installed, "run", "-d", "--name", "last", "busybox", "sh", "-c", "sleep 0.3; exit 7").ExitCode);
        File.Delete(installed);

        Subject.Await(() => Tare.Succeed("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "last") == "exited 7\n");
        Tare.Succeed("rm", "last");
        Leftovers.AssertNone(Tare);
    }

    [Fact]
    public void A_stopped_keeper_is_named_and_keeps_nobody_waiting()
    {
        Tare.Succeed("run", "-d", "--name", "held", "busybox", "sleep", "1000");
        int keeper = Keepers.Of(Tare, "held");
        Conversation.Signal("STOP", keeper);
        try
        {
            Assert.Contains("Up", Within(Short, "ps").Text, StringComparison.Ordinal);
            Assert.Equal("running\n", Within(Short, "inspect", "-f", "{{.State.Status}}", "held").Text);
            foreach (string[] args in (string[][])[["exec", "held", "true"], ["stop", "held"], ["kill", "held"], ["rm", "-f", "held"], ["attach", "held"], ["wait", "held"]])
            {
                Outcome refused = Within(Short, args);
                Assert.True(refused.ExitCode is 1 or 125 or 126, $"{args[0]}: {refused.ExitCode}: {refused.Error}");
                Assert.Equal(
                    $"{args[0]}: tare: container held: its keeper (process {keeper}) is stopped\nhint: let it go on with: kill -CONT {keeper}\n",
                    $"{args[0]}: {refused.Error}");
            }
        }
        finally
        {
            Conversation.Signal("CONT", keeper);
        }

        Tare.Succeed("exec", "held", "true");
        Assert.Equal("held\n", Tare.Succeed("rm", "-f", "held"));
        Leftovers.AssertNone(Tare);
    }

    private Outcome Within(TimeSpan bound, params string[] args)
    {
        var watch = Stopwatch.StartNew();
        Outcome outcome = Tare.Run(args);
        Assert.True(watch.Elapsed < bound, $"{string.Join(' ', args)}: {watch.Elapsed}");
        return outcome;
    }

    private Outcome Call(string program, params string[] args)
    {
        using Conversation call = Tare.Start(program, args);
        return call.End();
    }
}
