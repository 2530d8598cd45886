// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Build;

/// <summary>When a step is done again, and when not.</summary>
[Trait("ring", "kernel")]
public sealed class BuildCacheTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private const string Steps = "FROM busybox\nRUN echo first > /1\nCOPY src /src\nRUN cat /src/a > /2\n";

    [Fact]
    public void Nothing_is_done_again_when_nothing_changed()
    {
        string context = ground.Context(Steps, ("src/a", "1"), ("src/b", "2"));
        string id = ground.Id(context, "--network", "none");
        string other = context + "-elsewhere";
        Process.Start("cp", ["-r", context, other]).WaitForExit();
        Process.Start("sh", ["-c", $"chmod -R go-rwx {other}; touch {other}/src/*"]).WaitForExit();

        foreach (string place in new[] { context, other })
        {
            string progress = ground.Build(place, "--network", "none");

            Assert.Equal(4, Count(progress, " CACHED\n"));
            Assert.Equal(id, ground.Id(place, "--network", "none"));
        }
    }

    [Fact]
    public void A_changed_file_concerns_its_copy_and_what_follows()
    {
        string context = ground.Context(Steps.Replace("first", "second", StringComparison.Ordinal), ("src/a", "1"), ("src/b", "2"));
        ground.Build(context, "--network", "none");
        File.WriteAllText(Path.Combine(context, "src", "b"), "3");

        string progress = ground.Build(context, "--network", "none");

        Assert.Equal(2, Count(progress, " CACHED\n"));
        Assert.Matches(@"\[3/4\] COPY src /src\n#\d+ DONE", progress);
        Assert.Matches(@"\[4/4\] RUN cat /src/a > /2\n#\d+ DONE", progress);
    }

    [Fact]
    public void Without_the_cache_the_image_is_the_same_to_the_byte()
    {
        string context = ground.Context("FROM busybox\nRUN date > /dev/null; mkdir /d; echo x > /d/f; ln /d/f /d/g\nCOPY . /c\n", ("a", "1"));

        string first = ground.Id(context, "--network", "none"), second = ground.Id(context, "--network", "none", "--no-cache");

        Assert.Equal(first, second);
    }

    [Fact]
    public void A_cache_mount_outlives_builds_and_is_in_no_layer()
    {
        const string Step = "FROM busybox\nARG N\nRUN --mount=type=cache,target=/cache echo $N >> /cache/log; cat /cache/log\n";
        string context = ground.Context(Step);
        ground.Build(context, "--network", "none", "--build-arg", "N=one");

        string progress = ground.Build(context, "--network", "none", "--build-arg", "N=two", "-t", "cachemount");

        Assert.Matches(@"one\n#\d+ [\d.]+ two\n", progress);
        Assert.Equal("", ground.Shell("cachemount", "ls -A /cache 2>/dev/null || true"));
    }

    [Fact]
    public void Secrets_are_nowhere_afterwards()
    {
        const string Canary = "canary-6f1d2c9b7e";
        string secret = Path.Combine(ground.Tare.Folder, "secret");
        File.WriteAllText(secret, Canary);
        string context = ground.Context(
            "FROM busybox\nRUN --mount=type=secret,id=s --mount=type=secret,id=s,env=TOKEN wc -c < /run/secrets/s; test ${#TOKEN} = 17\n");

        string progress = ground.Build(context, "--network", "none", "--secret", $"id=s,src={secret}", "-t", "secret");
        File.Delete(secret);

        Assert.Contains("17", progress, StringComparison.Ordinal);
        Assert.Empty(BuildGround.FilesWith(ground.Tare.Folder, Canary));
        Assert.DoesNotContain("secrets", ground.Shell("secret", "ls /run 2>/dev/null || true"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_is_killed_leaves_nothing_that_the_next_command_does_not_remove()
    {
        string context = ground.Context("FROM busybox\nRUN echo begun; sleep 1000\n");

        using (Conversation build = ground.Tare.Start("sh", "-c", $"exec {TareBinary.Path} build --network none {context} 2>&1"))
        {
            build.Expect(" begun\n");
            build.Signal("KILL");
            build.End();
        }

        ground.Tare.Succeed("ps", "-a");
        ground.Build(ground.Context("FROM busybox\nRUN true\n"), "--network", "none");

        Leftovers.AssertNone(ground.Tare);
        Assert.Equal("", ground.Tare.Succeed("ps", "-aq"));
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}
