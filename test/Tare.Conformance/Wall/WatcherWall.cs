// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>A container that looks into processes which enter it before they run its program.</summary>
public sealed class WatcherWall(Ground ground) : WallTests(ground)
{
    private const int Refused = 0;
    private const int Opened = 1;

    [Fact]
    public void CVE_2016_9962_A_process_that_enters_is_not_looked_into() => Watch(processes: 120);

    [Fact]
    [Trait("ring", "prove")]
    public void CVE_2016_9962_Five_hundred_processes_that_enter_are_not_looked_into() => Watch(processes: 500);

    /// <summary>The same by a user of the host, of whom the container's process is to be one.</summary>
    [Fact]
    public void CVE_2016_9962_A_user_of_the_host_does_not_look_into_a_process_that_becomes_hers()
    {
        string tools = Tools();
        string program = File.Exists("/usr/bin/busybox") ? "/usr/bin/busybox" : "/bin/busybox";
        var counters = new Counters(tools);
        using Conversation watcher = Subject.Program.Start(
            "setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", $"{tools}/watch", $"{tools}/count", program);
        watcher.Expect("watching");
        string name = Subject.Sleeper("-u", "4242:4242");

        for (int i = 0; i < 20; i++)
        {
            Ground.Run("-u", "4242:4242", Subject.Image, "true");
            Ground.Exec("-u", "4242:4242", name, "true");
        }

        Assert.DoesNotContain("opened", watcher.Said, StringComparison.Ordinal);
        Assert.True(counters[Refused] > 0, "nobody watched");
        Assert.Equal(0ul, counters[Opened]);
    }

    private void Watch(int processes)
    {
        string tools = Tools();
        var counters = new Counters(tools);
        string name = Subject.Name("watcher");
        Subject.Ask("run", "-d", "--name", name, "-v", $"{tools}:/tools", Subject.Image, "/tools/watch", "/tools/count", "/bin/busybox");
        Subject.AwaitLog(name, "watching");
        int seen = 0;

        for (int i = 0; i < processes; i++)
        {
            ulong before = counters[Refused];
            Assert.Equal(0, Ground.Exec(name, "true").ExitCode);
            seen += counters[Refused] > before ? 1 : 0;
        }

        Assert.True(counters[Opened] == 0, Subject.Ask("logs", name));

        // most were there, and closed, when the watcher looked
        Assert.True(seen > processes / 4, $"{seen} of {processes} were seen before they ran their program");
        Subject.Run("rm", "-f", name);
    }

    private string Tools()
    {
        string tools = Ground.HostFolder();
        Tool.Make("watch", tools);
        return tools;
    }
}
