// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>A container that exchanges its descriptors while a new keeper takes them over.</summary>
public sealed class AdoptionWall(Ground ground) : WallTests(ground)
{
    private const int Exchanges = 0;
    private const int Opened = 1;

    /// <summary>
    /// It may hold a handle of a device that its cgroup forbids it to open; who opens it for the container opens it with
    /// the host's rights. Here it is a fifo, of which one sees that it was opened.
    /// </summary>
    [Fact]
    public void A_file_that_takes_the_place_of_a_pipe_is_not_opened()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's daemon keeps the pipes");
        string tools = Ground.HostFolder();
        Tool.Make("swap", tools);
        var counters = new Counters(tools);
        string name = Subject.Name("swap");
        Subject.Ask("run", "-d", "--name", name, "-v", $"{tools}:/tools", Subject.Image, "/tools/swap", "/tools/count", "/tmp/fifo");
        Subject.AwaitLog(name, "swapping");

        for (int i = 0; i < 20; i++)
        {
            ulong before = counters[Exchanges];
            int keeper = Keepers.Of(Subject.Program, name);
            Conversation.Signal("KILL", keeper);
            Subject.Await(() => Keepers.Field(keeper, "State") is null or "Z (zombie)");
            Assert.Equal("running", Subject.Look(name, "{{.State.Status}}"));
            Assert.NotEqual(keeper, Keepers.Of(Subject.Program, name));
            Assert.True(counters[Exchanges] > before, "nothing was exchanged");
        }

        Assert.Equal(0ul, counters[Opened]);
    }
}
