// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary>What the builder's cache takes and how it becomes less.</summary>
[Trait("ring", "kernel")]
public sealed class BuilderPruneTests : IDisposable
{
    private readonly BuildGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void What_no_image_has_goes_and_the_rest_only_when_all_is_wanted()
    {
        string context = _ground.Context("FROM busybox\nRUN --mount=type=cache,target=/c echo kept > /c/f; echo image > /image\n");
        _ground.Build(context, "--network", "none", "-t", "kept");
        _ground.Build(_ground.Context("FROM busybox\nRUN head -c 300000 /bin/busybox > /loose\n"), "--network", "none", "-o", "type=cacheonly");

        string use = _ground.Tare.Succeed("builder", "du");
        Assert.Matches(@"(?m)^\w{25}\s+true\*\s+\S+\s+\S.* ago\s+\[2/2\] RUN --mount", use);
        Assert.Matches(@"(?m)^\w{25}\s+true\s+\S+\s+\S.* ago\s+\[2/2\] RUN head", use);
        Assert.Matches(@"(?m)^\w{25}\s+true\s+\d+B\s+\S.* ago\s+cached mount /c$", use);
        Assert.Matches(@"(?m)^Build Cache\s+3\s+0\s+\d\S*kB\s+\d\S*kB \(100%\)", _ground.Tare.Succeed("system", "df"));
        Assert.Contains("Type:\t\texec.cachemount", _ground.Tare.Succeed("builder", "du", "--verbose"), StringComparison.Ordinal);

        Assert.DoesNotContain("RUN head", _ground.Tare.Succeed("builder", "prune", "-f", "--max-used-space", "1g"), StringComparison.Ordinal);
        Assert.DoesNotContain("RUN head", _ground.Tare.Succeed("builder", "prune", "-f", "--keep-storage", "1g"), StringComparison.Ordinal);
        Assert.DoesNotContain("RUN head", _ground.Tare.Succeed("builder", "prune", "-f", "--min-free-space", "1"), StringComparison.Ordinal);
        Assert.DoesNotContain("RUN head", _ground.Tare.Succeed("builder", "prune", "-f", "--filter", "until=1h"), StringComparison.Ordinal);
        string gone = _ground.Tare.Succeed("builder", "prune", "-f");
        Assert.Contains("RUN head", gone, StringComparison.Ordinal);
        Assert.Contains("cached mount /c", gone, StringComparison.Ordinal);
        Assert.DoesNotContain("RUN --mount", gone, StringComparison.Ordinal);
        Assert.Contains(" CACHED\n", _ground.Build(context, "--network", "none"), StringComparison.Ordinal);
        Assert.Contains("RUN --mount", _ground.Tare.Succeed("builder", "prune", "-af"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Build Cache\s+0\s+0\s+0B\s+0B", _ground.Tare.Succeed("system", "df"));
        _ground.Tare.Succeed("system", "check");
    }

    [Fact]
    public void A_step_with_two_keys_is_one_thing()
    {
        string context = _ground.Context("FROM busybox AS one\nRUN echo x > /x\nFROM busybox\nCOPY --from=one /x /y\n");
        _ground.Build(context, "--network", "none", "-o", "type=cacheonly");

        Assert.Equal(2, _ground.Tare.Succeed("builder", "du").Split(" ago ").Length - 1);
        Assert.Equal(2, _ground.Tare.Succeed("builder", "prune", "-f").Split(" ago ").Length - 1);
        Assert.Equal(0, _ground.Tare.Succeed("builder", "du").Split(" ago ").Length - 1);
    }

    [Fact]
    public void What_a_running_build_uses_stays()
    {
        _ground.Build(_ground.Context("FROM busybox\nRUN echo used > /used\n"), "--network", "none", "-o", "type=cacheonly");
        string context = _ground.Context(
            "FROM busybox\nRUN echo used > /used\nRUN --mount=type=cache,target=/c echo begun; while [ ! -e /c/go ]; do sleep 0.1; done; cat /used\n");

        using Conversation build = _ground.Tare.Start("sh", "-c", $"exec {TareBinary.Path} build --network none -t during {context} 2>&1");
        build.Expect(" begun\n");
        string gone = _ground.Tare.Succeed("builder", "prune", "-af");
        File.WriteAllText(Directory.GetDirectories(Path.Combine(_ground.Tare.Root, "build", "caches")).Single() + "/data/go", "");

        Assert.Equal(0, build.End().ExitCode);
        Assert.DoesNotContain("RUN echo used", gone, StringComparison.Ordinal);
        Assert.DoesNotContain("cached mount", gone, StringComparison.Ordinal);
        Assert.Equal("used\n", _ground.Tare.Succeed("run", "--rm", "--network", "none", "during", "cat", "/used"));
    }

    [Fact]
    public void System_prune_takes_it_along()
    {
        _ground.Build(_ground.Context("FROM busybox\nRUN echo unused > /unused\n"), "--network", "none", "-o", "type=cacheonly");

        Assert.Contains("  - unused build cache", _ground.Tare.Run(["system", "prune"], "n\n"u8.ToArray()).Text, StringComparison.Ordinal);
        Assert.Contains("Deleted build cache objects:\n", _ground.Tare.Succeed("system", "prune", "-f"), StringComparison.Ordinal);
        Assert.DoesNotContain("RUN echo", _ground.Tare.Succeed("builder", "du"), StringComparison.Ordinal);
    }
}
