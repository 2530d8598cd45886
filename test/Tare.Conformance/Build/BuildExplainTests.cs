// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary><c>build --explain</c> and <c>build --verify</c>: what a build says about itself.</summary>
[Trait("ring", "kernel")]
public sealed class BuildExplainTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private const string Steps = "FROM busybox\nARG V=1\nRUN echo explained $V > /1\nCOPY src /src\nRUN cat /src/a > /2\n";

    [Fact]
    public void Every_step_says_why_it_ran_or_was_cached()
    {
        string context = ground.Context(Steps, ("src/a", "1"), ("src/b", "2"));
        Assert.Contains("RUN echo explained $V > /1\n    ran: no earlier build had such a step\n", Explain(context), StringComparison.Ordinal);

        string same = Explain(context);
        Assert.Equal(3, same.Split("    cached: the same inputs as on ").Length - 1);

        File.WriteAllText(Path.Combine(context, "src", "b"), "3");
        string changed = Explain(context);
        Assert.Contains("COPY src /src\n    ran: file \"src/b\": its content changed\n", changed, StringComparison.Ordinal);
        Assert.Contains("RUN cat /src/a > /2\n    ran: what [3/4] COPY src /src made is another one: sha256:", changed, StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(context, "src", "a"), (UnixFileMode)0b111_101_101);
        Assert.Contains("COPY src /src\n    ran: file \"src/a\": its mode changed: 0644 → 0755\n", Explain(context), StringComparison.Ordinal);

        Assert.Contains("\n    ran: variable V changed: \"1\" → \"2\"\n", Explain(context, "--build-arg", "V=2"), StringComparison.Ordinal);
        Assert.Contains("\n    ran: the cache was not to be used\n", Explain(context, "--no-cache"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_and_a_secret_are_named_too_and_what_a_secret_holds_is_not()
    {
        const string Canary = "canary-explained-83c1";
        string secret = Path.Combine(ground.Tare.Folder, "explained");
        File.WriteAllText(secret, Canary);
        string context = ground.Context("FROM busybox\nRUN --mount=type=secret,id=one true\nRUN true two\n");
        ground.Build(context, "--network", "none", "--secret", $"id=one,src={secret}", "-t", "explainbase");
        File.WriteAllText(Path.Combine(context, "Dockerfile"), "FROM busybox\nRUN --mount=type=secret,id=other true\nRUN true two\n");

        string other = Explain(context, "--secret", $"id=other,src={secret}");
        Assert.Contains("    ran: secret id other is new", other, StringComparison.Ordinal);

        ground.Build(ground.Context("FROM busybox\nCOPY x /x\n", ("x", "x")), "-t", "explained:base");
        File.WriteAllText(Path.Combine(context, "Dockerfile"), "FROM explained:base\nRUN --mount=type=secret,id=other true\nRUN true two\n");
        Assert.Contains("    ran: the base image explained:base", Explain(context, "--secret", $"id=other,src={secret}"), StringComparison.Ordinal);
        File.Delete(secret);
        Assert.Empty(BuildGround.FilesWith(ground.Tare.Folder, Canary));
    }

    [Fact]
    public void A_build_that_gives_the_same_twice_is_verified()
    {
        string context = ground.Context("FROM busybox\nRUN date > /dev/null; echo x > /x\nCOPY a /a\n", ("a", "1"));

        string id = ground.Id(context, "--network", "none", "--verify", "-t", "verified");

        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        Assert.Equal(id, ground.Id(context, "--network", "none"));
    }

    [Theory]
    [InlineData("RUN cat /proc/sys/kernel/random/uuid > /where/id", "\"where/id\": content ")]
    [InlineData("RUN --mount=type=cache,target=/c,id=verify-mode touch /where/f; [ -e /c/f ] && chmod 700 /where/f; touch /c/f", "\"where/f\": mode 0644, then 0700")]
    [InlineData("RUN --mount=type=cache,target=/c,id=verify-more touch /where/f; [ -e /c/f ] && touch /where/more; touch /c/f", "\"where/more\" is only in the second one")]
    public void A_build_that_does_not_names_step_path_and_field(string step, string difference)
    {
        string context = ground.Context($"FROM busybox\nRUN mkdir /where; touch /where/f\n{step}\nRUN true after\n");

        Outcome outcome = ground.Tare.Run("build", "--network", "none", "--verify", "-t", "neververified", context);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("two builds differ: layer sha256:", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(difference, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("   3 | >>> RUN", outcome.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, ground.Tare.Run("image", "inspect", "neververified").ExitCode);
        ground.Tare.Succeed("system", "check");
    }

    private string Explain(string context, params string[] flags) => ground.Build(context, ["--network", "none", "--explain", .. flags]);
}
