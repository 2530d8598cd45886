// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Build;

/// <summary>A build that is killed at any moment: the next command repairs what it left, the cache is used again, and the image
/// becomes the same.</summary>
[Trait("ring", "kernel")]
public sealed class BuildKilledTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private const string Dockerfile =
        """
        FROM busybox AS one
        WORKDIR /w
        COPY . /c
        RUN --mount=type=cache,target=/cache --mount=type=bind,target=/ctx i=0; while [ $i -lt 50 ]; do echo $i > /w/$i; i=$((i+1)); done; cp -r /ctx /cache/
        FROM busybox
        RUN mkdir /two && echo 2 > /two/2
        COPY --from=one /w /w
        """;

    [Theory]
    [InlineData("root/tmp", "step-*")]
    [InlineData("root/tmp", "lease*")]
    [InlineData("root/tmp", "layer-*")]
    [InlineData("root/layers", "*")]
    [InlineData("root/blobs/sha256", "*")]
    [InlineData("root/build/caches", "*")]
    [InlineData("root/containers", "*")]
    [InlineData("run/ops", "*")]
    [InlineData("run/containers", "*")]
    [InlineData("run/build", "*")]
    public void Killed_when_something_new_appears(string folder, string pattern)
    {
        string watched = Path.Combine(ground.Tare.Folder, folder);
        string context = Context();
        HashSet<string> before = [.. Entries(watched, pattern)];

        Kill(context, process => SpinWait.SpinUntil(() => process.HasExited || Entries(watched, pattern).Any(path => !before.Contains(path))));

        AssertWhole(context);
    }

    [Fact]
    [Trait("ring", "prove")]
    public void Killed_at_two_hundred_moments()
    {
        var watch = Stopwatch.StartNew();
        Kill(Context(), static process => process.WaitForExit());
        TimeSpan whole = watch.Elapsed;

        for (int i = 0; i < 200; i++)
        {
            string context = Context();
            TimeSpan wait = whole * i / 200;
            Kill(context, process => process.WaitForExit(wait));

            AssertWhole(context);
        }
    }

    private string Context() => ground.Context(
        Dockerfile, [("seed", Guid.NewGuid().ToString()), .. Enumerable.Range(0, 100).Select(static i => ($"d{i % 7}/f{i}", $"content {i}"))]);

    private void Kill(string context, Action<Process> wait)
    {
        ProcessStartInfo start = new(TareBinary.Path, ["--root", ground.Tare.Root, "--run", ground.Tare.RunFolder, "build", "-q", "--network", "none", context])
        {
            RedirectStandardOutput = true,
        };
        using Process build = Process.Start(start)!;
        wait(build);
        build.Kill();
        build.WaitForExit();
    }

    private void AssertWhole(string context)
    {
        ground.Tare.Succeed("ps", "-aq");
        Leftovers.AssertNone(ground.Tare);

        string id = ground.Id(context, "--network", "none");
        Assert.Equal(id, ground.Id(context, "--network", "none", "--no-cache"));
        Outcome check = ground.Tare.Run("system", "check");
        Assert.True(check.ExitCode == 0, check.Text + check.Error);
    }

    private static string[] Entries(string folder, string pattern)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder, pattern);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
