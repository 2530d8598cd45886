// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Committing;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Engine.Tests.Committing;

public sealed class CommittedConfigTests
{
    private const string Moment = "2026-01-02T03:04:05Z";

    private static readonly DiffId Layer = new(Digest.Of("layer"u8.ToArray()));

    private static readonly ImageConfig Image = new("amd64", "linux")
    {
        Author = "who made the image",
        Config = new RunConfig { Entrypoint = ["image"], Healthcheck = new Healthcheck { Test = ["CMD", "x"] }, Volumes = ["/data"] },
        RootFs = new RootFs { DiffIds = [new DiffId(Digest.Of("base"u8.ToArray()))] },
        History = [new History { CreatedBy = "base" }],
    };

    [Fact]
    public void The_layer_goes_on_top_and_the_history_tells_of_it()
    {
        ImageConfig config = CommittedConfig.Of(
            Image, Record(["sh", "-c", "x"]), new CommitRequest(null) { Author = "me", Message = "why" }, Layer, Moment);

        Assert.Equal([.. Image.RootFs.DiffIds, Layer], config.RootFs.DiffIds);
        Assert.Equal(
            new History { Created = Moment, CreatedBy = "sh -c x", Author = "me", Comment = "why" },
            config.History[^1]);
        Assert.Equal(("me", Moment), (config.Author, config.Created));
    }

    [Fact]
    public void A_container_that_wrote_nothing_adds_no_layer()
    {
        ImageConfig config = CommittedConfig.Of(Image, Record(["x"]), new CommitRequest(null), null, Moment);

        Assert.Equal(Image.RootFs.DiffIds, config.RootFs.DiffIds);
        Assert.True(config.History[^1].EmptyLayer);
    }

    [Fact]
    public void What_the_container_does_not_say_the_image_says()
    {
        RunConfig config = CommittedConfig.Of(Image, Record(["x"]), new CommitRequest(null), Layer, Moment).Config;

        Assert.Equal(["x"], config.Cmd);
        Assert.Equal(["/data"], config.Volumes);
        Assert.Equal(["CMD", "x"], config.Healthcheck!.Test);
    }

    [Fact]
    public void A_new_entrypoint_takes_the_containers_command_away()
    {
        RunConfig config = CommittedConfig.Of(
            Image, Record(["old"]), new CommitRequest(null) { Changes = ["ENTRYPOINT [\"new\"]"] }, Layer, Moment).Config;

        Assert.Equal(["new"], config.Entrypoint);
        Assert.Null(config.Cmd);
    }

    private static ContainerRecord Record(IReadOnlyList<string> command) => new(
        "sha256:image", command[0], [.. command.Skip(1)],
        new ConfigDocument
        {
            Hostname = "h",
            User = "",
            Env = ["A=1"],
            Cmd = command,
            Image = "image",
            WorkingDir = "",
            Labels = new Dictionary<string, string>(),
        },
        null!, [], "cgroup");
}
