// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Steps;

namespace Tare.Build.Tests.Steps;

public sealed class StepKeyTests
{
    private static readonly RunOperation Run = new(["/bin/sh", "-c", "true"], ["A=1"], "/", null);

    [Fact]
    public void Equal_work_on_equal_content_has_one_key() =>
        Assert.Equal(Key(Run, BuildTime.Fixed, "x"), Key(Run with { Environment = ["A=1"] }, BuildTime.Fixed, "x"));

    [Fact]
    public void Proxies_are_not_in_it() =>
        Assert.Equal(Key(Run, BuildTime.Fixed, "x"), Key(Run with { Proxies = ["HTTP_PROXY=http://p"] }, BuildTime.Fixed, "x"));

    [Fact]
    public void Content_the_work_and_the_moment_are()
    {
        string[] keys =
        [
            Key(Run, BuildTime.Fixed, "x"),
            Key(Run, BuildTime.Fixed, "y"),
            Key(Run, BuildTime.Of("7"), "x"),
            Key(Run with { Folder = "/a" }, BuildTime.Fixed, "x"),
            Key(Run with { User = "1" }, BuildTime.Fixed, "x"),
            Key(Run with { Environment = ["A=2"] }, BuildTime.Fixed, "x"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private static string Key(Operation operation, BuildTime time, string content) =>
        StepKey.Of(operation, time, writer => writer.Add(content));
}
