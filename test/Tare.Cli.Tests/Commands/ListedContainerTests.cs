// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Commands;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Cli.Tests.Commands;

public class ListedContainerTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_long_command_is_cut_and_quoted()
    {
        ListedContainer container = Make(new(ContainerStatusKind.Created), "sh", "-c", "echo \"a b\"; sleep 100");

        Assert.Equal("\"sh -c 'echo \\\"a b\\\"; …\"", container.CommandText(whole: false));
        Assert.Equal("\"sh -c 'echo \\\"a b\\\"; sleep 100'\"", container.CommandText(whole: true));
        Assert.Equal("\"true\"", Make(new(ContainerStatusKind.Created), "true").CommandText(whole: false));
    }

    [Fact]
    public void A_status_tells_for_how_long()
    {
        Assert.Equal("Created", Make(new(ContainerStatusKind.Created)).StatusText(Now));
        Assert.Equal(
            "Up 3 minutes", Make(new(ContainerStatusKind.Running, 5, StartedAt: Now.AddMinutes(-3))).StatusText(Now));
        Assert.Equal(
            "Exited (137) 2 hours ago",
            Make(new(ContainerStatusKind.Exited, ExitCode: 137, FinishedAt: Now.AddHours(-2))).StatusText(Now));
        Assert.Equal(
            "Up 3 minutes (Paused)", Make(new(ContainerStatusKind.Paused, 5, StartedAt: Now.AddMinutes(-3))).StatusText(Now));
    }

    [Theory]
    [InlineData("id=0123", true)]
    [InlineData("id=123", false)]
    [InlineData("name=eb", true)]
    [InlineData("name=/web", true)]
    [InlineData("name=db", false)]
    [InlineData("label=a", true)]
    [InlineData("label=a=b", true)]
    [InlineData("label=a=c", false)]
    [InlineData("status=exited", true)]
    [InlineData("status=running", false)]
    [InlineData("exited=7", true)]
    [InlineData("exited=0", false)]
    [InlineData("name=^web$", true)]
    [InlineData("name=^/web$", true)]
    [InlineData("name=^eb", false)]
    [InlineData("ancestor=busybox:latest", true)]
    [InlineData("ancestor=docker.io/library/busybox", true)]
    [InlineData("network=none", true)]
    [InlineData("volume=x", false)]
    [InlineData("health=none", true)]
    [InlineData("ancestor=busybox", true)]
    [InlineData("ancestor=aabb", true)]
    [InlineData("ancestor=sha256:aabb", true)]
    [InlineData("ancestor=debian", false)]
    [InlineData("name=db name=web", true)]
    [InlineData("name=web status=running", false)]
    [InlineData("label=a label=x", false)]
    public void Filters_follow_docker(string filters, bool matches)
    {
        ListedContainer container = Make(new(ContainerStatusKind.Exited, ExitCode: 7, FinishedAt: Now));

        Assert.Equal(matches, ContainerFilter.Parse(filters.Split(' ')).Matches(container));
    }

    [Theory]
    [InlineData("colour=red")]
    [InlineData("status=green")]
    [InlineData("exited=x")]
    [InlineData("publish=x")]
    [InlineData("name=(")]
    public void An_unknown_filter_is_refused(string filter) =>
        Assert.Equal(
            ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => ContainerFilter.Parse([filter])).Kind);

    private static ListedContainer Make(ContainerStatus status, params string[] command)
    {
        string[] words = command.Length == 0 ? ["sh"] : command;
        Assert.True(ContainerId.TryParse(Id, out ContainerId id));
        var row =
            new ContainerRow(id, "web", "busybox", "sha256:0", Now.AddHours(-3), AutoRemove: false, [], null, Started: null);
        var config = new ConfigDocument
        {
            Hostname = "web",
            User = "",
            Env = [],
            Image = "busybox",
            WorkingDir = "/",
            Labels = new Dictionary<string, string> { ["a"] = "b" },
        };
        var host =
            new HostConfigDocument { NetworkMode = "none", ConsoleSize = [0, 0], MaskedPaths = [], ReadonlyPaths = [] };
        var record = new ContainerRecord("sha256:aabbcc", words[0], words[1..], config, host, [], "tare/web");
        return new(row with { Record = ContainerJson.Write(record) }, status);
    }
}
