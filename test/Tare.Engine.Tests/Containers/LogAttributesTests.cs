// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public class LogAttributesTests
{
    [Fact]
    public void Labels_and_variables_that_are_there_are_taken_in_order() => Assert.Equal(
        """{"A":"2=3","x":"\u003Cy\u003E"}""",
        LogAttributes.Of(
            Config(["A=1", "B=1", "A=2=3"], new() { ["x"] = "<y>", ["z"] = "" }),
            LogConfiguration.Default with { Labels = ["x", "none"], Env = ["A", "NONE"] }));

    [Fact]
    public void Where_nothing_is_asked_for_or_there_nothing_is_written()
    {
        Assert.Equal("", LogAttributes.Of(Config(["A=1"], new() { ["x"] = "y" }), LogConfiguration.Default));
        Assert.Equal("", LogAttributes.Of(Config([], []), LogConfiguration.Default with { Labels = ["x"], Env = ["A"] }));
    }

    [Fact]
    public void More_than_a_record_carries_is_refused() => Assert.Equal(
        ErrorKind.InvalidArgument,
        Assert.Throws<TareException>(() => LogAttributes.Of(
            Config([], new() { ["x"] = new string('y', 5000) }), LogConfiguration.Default with { Labels = ["x"] })).Kind);

    private static ConfigDocument Config(string[] env, Dictionary<string, string> labels) =>
        new() { Hostname = "h", User = "", Env = env, Image = "i", WorkingDir = "", Labels = labels };
}
