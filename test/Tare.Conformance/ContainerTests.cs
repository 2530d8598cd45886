// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class ContainerTests(Busybox busybox) : IClassFixture<Busybox>
{
    private TareBinary Tare => busybox.Tare;

    [Fact]
    public void A_container_that_ended_is_listed_inspected_and_removed()
    {
        Assert.Equal(3, Tare.Run("run", "--name", "listed", "-l", "a=b", "busybox", "sh", "-c", "exit 3").ExitCode);

        string[] lines = Tare.Succeed("ps", "-a", "--filter", "name=listed").TrimEnd('\n').Split('\n');
        Assert.Matches(@"^CONTAINER ID   IMAGE     COMMAND +CREATED +STATUS +PORTS +NAMES$", lines[0]);
        Assert.Matches(@"^[0-9a-f]{12}   busybox   ""sh -c 'exit 3'"" +.* ago +Exited \(3\) .* ago +listed$", lines[1]);
        Assert.Equal("", Tare.Succeed("ps", "-q", "--filter", "name=listed"));

        using JsonDocument document = JsonDocument.Parse(Tare.Succeed("inspect", "listed"));
        JsonElement container = document.RootElement[0];
        Assert.Equal("/listed", container.GetProperty("Name").GetString());
        Assert.Equal(3, container.GetProperty("State").GetProperty("ExitCode").GetInt32());
        Assert.Equal(busybox.ImageId, container.GetProperty("Image").GetString());
        Assert.Equal("b\n", Tare.Succeed("inspect", "-f", "{{index .Config.Labels \"a\"}}", "listed"));

        Assert.Equal("listed\n", Tare.Succeed("rm", "listed"));
        Assert.Equal(1, Tare.Run("rm", "listed").ExitCode);
        Assert.Equal(0, Tare.Run("rm", "-f", "listed").ExitCode);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        Tare.Succeed("run", "--name", "once", "busybox", "true");

        Outcome again = Tare.Run("run", "--name", "once", "busybox", "true");

        Assert.Equal(125, again.ExitCode);
        Assert.Contains("\"/once\" is already in use", again.Error, StringComparison.Ordinal);
        Tare.Succeed("rm", "once");
    }

    [Fact]
    public void An_image_with_a_container_is_not_removed()
    {
        Tare.Succeed("run", "--name", "user", "busybox", "true");

        Outcome refused = Tare.Run("rmi", "busybox");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("container", refused.Error, StringComparison.Ordinal);
        Tare.Succeed("rm", "user");
    }

    [Fact]
    public void The_id_goes_into_a_file_that_must_be_new()
    {
        string file = Path.Combine(Tare.Folder, "cid");

        Tare.Succeed("run", "--cidfile", file, "--name", "cid", "busybox", "true");

        Assert.Equal(
            Tare.Succeed("ps", "-aq", "--no-trunc", "--filter", "name=cid").TrimEnd('\n'), File.ReadAllText(file));
        Assert.Equal(125, Tare.Run("run", "--rm", "--cidfile", file, "busybox", "true").ExitCode);
        Tare.Succeed("rm", "cid");
    }
}
