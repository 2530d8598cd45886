// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Cache;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Steps;
using Tare.Build.Tests.Steps;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Cache;

public sealed class ExplanationTests
{
    private const string Base = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string OtherBase = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private static readonly RunOperation Run = new(["/bin/sh", "-c", "make"], ["VERSION=1", "PATH=/bin"], "/", null);

    [Fact]
    public void The_base_is_told_before_all_else()
    {
        string text = Explanation.Difference(Of(Run with { User = "7" }, OtherBase), Of(Run, Base), "the base image busybox");

        Assert.Equal("the base image busybox is another one: sha256:111111111111 → sha256:222222222222", text);
    }

    [Fact]
    public void An_argument_is_told_with_both_values() => Assert.Equal(
        "variable VERSION changed: \"1\" → \"2\"",
        Difference(Run with { Environment = ["VERSION=2", "PATH=/bin"] }));

    [Fact]
    public void What_came_and_what_went_is_told()
    {
        Assert.Equal("variable MORE is new: \"x\"", Difference(Run with { Environment = ["VERSION=1", "PATH=/bin", "MORE=x"] }));
        Assert.Equal("variable VERSION is gone", Difference(Run with { Environment = ["PATH=/bin"] }));
    }

    [Fact]
    public void A_secret_is_told_by_its_id()
    {
        RunMount secret = new(Tare.Build.Dockerfile.MountKind.Secret, "/run/secrets/t", null) { Id = "token" };

        Assert.StartsWith("secret id token is new", Difference(Run with { Mounts = [secret] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_command_the_part_that_differs_is_shown()
    {
        string common = new('x', 150);

        string text = Explanation.Difference(
            Of(Run with { Arguments = [common + "one"] }, Base), Of(Run with { Arguments = [common + "two"] }, Base), "");

        Assert.Contains("xtwo\" → \"…xxx", text, StringComparison.Ordinal);
        Assert.Contains("xone\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/a", "2", 0b110_100_100, "file \"src/a\": its content changed")]
    [InlineData("src/a", "1", 0b111_101_101, "file \"src/a\": its mode changed: 0644 → 0755")]
    [InlineData("src/b", "1", 0b110_100_100, "file \"src/b\" is new")]
    public void A_file_is_told_with_what_changed(string name, string content, int mode, string expected)
    {
        using TempTree before = new TempTree().With("src/a", "1"), now = new TempTree().With("src/a", "1").With(name, content, (UnixFileMode)mode);

        Assert.Equal(expected, Explanation.Difference(Of(now), Of(before), ""));
    }

    [Fact]
    public void A_file_that_is_gone_and_a_link_that_leads_elsewhere_are_told()
    {
        using TempTree before = new TempTree().With("src/a", "1").Linked("src/l", "a"), fewer = new TempTree().With("src/a", "1"),
            elsewhere = new TempTree().With("src/a", "1").Linked("src/l", "b");

        Assert.Equal("link \"src/l\" is gone", Explanation.Difference(Of(fewer), Of(before), ""));
        Assert.Equal("link \"src/l\": its target changed", Explanation.Difference(Of(elsewhere), Of(before), ""));
    }

    [Fact]
    public void Of_very_many_files_the_folder_is_told()
    {
        FileFacts one = Many("1"), other = Many("2");
        IReadOnlyList<FileFact> before = one.Sorted(), now = other.Sorted();

        Assert.True(before.Count <= FileFacts.MaxFiles);
        Assert.Equal(
            "directory \"d7\": something in it changed",
            Explanation.Difference(new StepInputs("COPY", [], now), new StepInputs("COPY", [], before), ""));
    }

    [Fact]
    public void The_nearest_is_the_same_step_and_of_those_the_one_most_alike()
    {
        StepInputs old = Of(Run with { Environment = ["VERSION=0", "PATH=/usr"] }, Base), near = Of(Run with { Environment = ["VERSION=0", "PATH=/bin"] }, Base);
        (string, StepInputs)[] earlier = [("[2/4] RUN make", near), ("[2/4] RUN make", old), ("[3/4] RUN test", Of(Run, OtherBase))];

        Assert.Same(near, Explanation.Nearest("[2/4] RUN make", Of(Run, Base), earlier));
        Assert.Same(near, Explanation.Nearest("[3/5] RUN make", Of(Run, Base), earlier[..2]));
        Assert.Null(Explanation.Nearest("[1/9] RUN other", Of(Run, Base), earlier));
        Assert.Null(Explanation.Nearest("[2/4] RUN else", Of(Run, Base), earlier));
        StepInputs here = near with { Origin = "o" };
        Assert.Same(here, Explanation.Nearest(
            "[2/4] RUN else", Of(Run, Base) with { Origin = "o" }, [("[2/4] RUN make", here), ("[2/4] RUN make", old with { Origin = "p" })]));
        Assert.Null(Explanation.Nearest("[2/4] COPY . /", new StepInputs("COPY", [], []), earlier));
    }

    private static FileFacts Many(string content)
    {
        FileFacts facts = new();
        facts.Begin("/", [], isFolder: true);
        for (int i = 0; i <= FileFacts.MaxFiles; i++)
        {
            byte[] digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(i == 7000 ? content : "same"));
            if (i % 1000 == 0)
            {
                facts.AddFolder(System.Text.Encoding.ASCII.GetBytes($"d{i / 1000}"), 0, (0, 0), 0);
            }

            facts.AddFile(System.Text.Encoding.ASCII.GetBytes($"f{i}"), FileKind.Regular, 0, (0, 0), digest, 0);
            if (i % 1000 == 999)
            {
                facts.EndFolder();
            }
        }

        return facts;
    }

    private static string Difference(RunOperation now) => Explanation.Difference(Of(now, Base), Of(Run, Base), "the base");

    private static StepInputs Of(RunOperation run, string root) => OperationFacts.Of(run, [root], BuildTime.Fixed, []);

    private static StepInputs Of(TempTree tree)
    {
        FileFacts files = new();
        TransferItem item = new(1, "/src") { IsPattern = true };
        using InputTree input = tree.Open();
        using DefinitionWriter writer = new();
        new Selection(input, [], new ContentDigest(input, writer, files, item.Source), default).Visit(item);
        return OperationFacts.Of(new TransferOperation([item], "/dst"), [Base], BuildTime.Fixed, [], files);
    }
}
