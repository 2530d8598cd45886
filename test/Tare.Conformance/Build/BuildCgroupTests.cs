// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Build;

/// <summary><c>build --cgroup-parent</c>: where RUN is, and that nothing else depends on it.</summary>
[Trait("ring", "kernel")]
public sealed class BuildCgroupTests(BuildGround ground) : IClassFixture<BuildGround>, IDisposable
{
    private readonly string _parent = $"tare-conformance-{Guid.NewGuid():N}";

    private IEnumerable<string> Directories =>
        from line in File.ReadAllLines("/proc/self/mounts")
        let words = line.Split(' ')
        where words[2] is "cgroup" or "cgroup2"
        from top in Directory.GetDirectories(words[1], $"{_parent}*")
        from directory in Directory.GetDirectories(top, "*", SearchOption.AllDirectories).Prepend(top)
        select directory;

    public void Dispose()
    {
        foreach (string directory in Directories.Reverse().ToArray())
        {
            Directory.Delete(directory);
        }
    }

    /// <summary>Also one without a slash begins at the root, as with docker's builder.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public void Steps_run_below_it_and_the_cache_does_not_know(string begin)
    {
        string context = ground.Context("FROM busybox\nRUN while [ ! -e /ctx/go ]; do sleep 0.05; done");
        string dockerfile = Path.Combine(context, "Dockerfile");
        File.WriteAllText(dockerfile, "FROM busybox\nARG SEED\nRUN sleep 1000 & sleep 0.2; kill $!; wait; echo $SEED > /seed");
        string[] flags = ["--network", "none", "--build-arg", $"SEED={_parent}"];

        using Conversation build = ground.Tare.Start(
            TareBinary.Path, ["build", "--progress", "plain", .. flags, "--cgroup-parent", $"{begin}{_parent}/b", context]);
        bool isSeen = SpinWait.SpinUntil(() => Directories.Any(static directory => directory.Contains("/b/", StringComparison.Ordinal)), TimeSpan.FromSeconds(60));
        Outcome first = build.End();

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.True(isSeen);
        Assert.All(Directories, directory => Assert.EndsWith(_parent, directory.Replace("/b", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Contains("CACHED", ground.Build(context, [.. flags, "--progress", "plain", "--cgroup-parent", $"/{_parent}-other"]), StringComparison.Ordinal);
        Assert.DoesNotContain(Directories, directory => directory.Contains("-other", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_parent_may_have_holds_for_a_step()
    {
        string context = ground.Context($"FROM busybox\nRUN echo {_parent}");
        ground.Build(context, "--network", "none", "--cgroup-parent", $"/{_parent}");
        string pids = Directories.FirstOrDefault(static directory => File.Exists($"{directory}/pids.max"))!;
        Assert.SkipWhen(pids is null, "no pids controller");
        File.WriteAllText($"{pids}/pids.max", "2");
        string crowd = ground.Context($"FROM busybox\nRUN echo {_parent}; sleep 1 & sleep 1 & sleep 1 & wait");

        Outcome refused = ground.Tare.Run("build", "--network", "none", "--progress", "plain", "--cgroup-parent", $"/{_parent}", crowd);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("can't fork", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_build_that_is_killed_leaves_nothing_there(bool asSoonAsItIsWritten)
    {
        string written = Path.Combine(ground.Tare.RunFolder, "cgroups");
        string context = ground.Context($"FROM busybox\nRUN echo {_parent}; sleep 1000");
        string[] store = ["--root", ground.Tare.Root, "--run", ground.Tare.RunFolder];
        var start = new ProcessStartInfo(TareBinary.Path, [.. store, "build", "-q", "--network", "none", "--cgroup-parent", $"/{_parent}", context])
        {
            RedirectStandardOutput = true,
        };
        using (Process build = Process.Start(start)!)
        {
            bool isThere = SpinWait.SpinUntil(
                () => asSoonAsItIsWritten ? Directory.Exists(written) && Directory.GetFiles(written).Length > 0 : Directories.Any(IsLeaf),
                TimeSpan.FromSeconds(60));
            build.Kill();
            build.WaitForExit();
            Assert.True(isThere);
        }

        ground.Tare.Succeed("ps", "-aq");
        Leftovers.AssertNone(ground.Tare);
        Assert.DoesNotContain(Directories, IsLeaf);
        ground.Build(ground.Context($"FROM busybox\nRUN echo after {_parent}"), "--network", "none");
        Outcome check = ground.Tare.Run("system", "check");
        Assert.True(check.ExitCode == 0, check.Text + check.Error);
    }

    private static bool IsLeaf(string directory) => Path.GetFileName(directory).Length == 64;

    [Fact]
    public void What_is_no_parent_is_refused_before_anything_is_done()
    {
        Outcome refused = ground.Tare.Run("build", "--cgroup-parent", "/..", ground.Context("FROM busybox\nRUN true"));

        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("it leads out of the tree of cgroups", refused.Error, StringComparison.Ordinal);
    }
}
