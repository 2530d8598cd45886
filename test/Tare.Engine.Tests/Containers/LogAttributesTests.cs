// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public class LogAttributesTests
{
    private const string Id = "05bc99a6e1054e1d08421a77900d771131ec5e31400bcae6486ba459644e44cb";

    private static readonly Dictionary<string, string> Labels = new() { ["x"] = "y", ["com.ex.a"] = "<\u00e9&>\u2028", ["z"] = "" };

    [Fact]
    public void Labels_and_variables_that_are_there_are_taken_in_order() => Assert.Equal(
        """{"A":"2=3","x":"y","z":""}""",
        Of(["A=1", "B=1", "A=2=3", "none"], LogConfiguration.Default with { Labels = ["x", "z", "nosuch"], Env = ["A", "none"] }));

    [Fact]
    public void Of_one_name_the_variable_wins() => Assert.Equal(
        """{"x":"fromenv"}""", Of(["x=fromenv"], LogConfiguration.Default with { Labels = ["x"], Env = ["x"] }));

    [Fact]
    public void Expressions_are_looked_for_in_the_names() => Assert.Equal(
        """{"ABC":"2","SHOWN":"1","com.ex.a":"\u003cé\u0026\u003e\u2028"}""",
        Of(["SHOWN=1", "ABC=2", "xA=3"], LogConfiguration.Default with { LabelsRegex = @"^com\.", EnvRegex = "^(SH|A)" }));

    [Theory]
    [InlineData("{{.ID}} {{ .FullID }}", "05bc99a6e105 05bc99a6e1054e1d08421a77900d771131ec5e31400bcae6486ba459644e44cb")]
    [InlineData("{{.ImageID}}|{{.ImageFullID}}|{{.ImageName}}", "sha256:c988f|sha256:c988f1f161fc|f3bb:latest")]
    [InlineData("{{.Name}}{{.ContainerName}}: {{.Command}}", "web/web: sh -c true")]
    [InlineData("{{.DaemonName}}", "tare")]
    [InlineData("plain", "plain")]
    public void A_tag_is_one_of_them(string tag, string written) => Assert.Equal(
        $$"""{"tag":"{{written}}"}""", Of([], LogConfiguration.Default with { Tag = tag }));

    [Fact]
    public void Where_nothing_is_asked_for_or_there_nothing_is_written()
    {
        Assert.Equal("", Of(["A=1"], LogConfiguration.Default));
        Assert.Equal("", Of([], LogConfiguration.Default with { Labels = ["none"], Env = ["A"], EnvRegex = "", Tag = "" }));
    }

    [Fact]
    public void More_than_a_record_carries_is_refused() => Assert.Equal(
        ErrorKind.InvalidArgument,
        Assert.Throws<TareException>(() => Of([$"A={new string('y', 5000)}"], LogConfiguration.Default with { Env = ["A"] })).Kind);

    private static string Of(string[] env, LogConfiguration log)
    {
        var config = new ConfigDocument { Hostname = "h", User = "", Env = env, Image = "f3bb:latest", WorkingDir = "", Labels = Labels };
        var record = new ContainerRecord("sha256:c988f1f161fc", "sh", ["-c", "true"], config, new() { NetworkMode = "none", ConsoleSize = [0, 0], MaskedPaths = [], ReadonlyPaths = [] }, [], "");
        Assert.True(ContainerId.TryParse(Id, out ContainerId id));
        return LogAttributes.Of(new(id, "web", "f3bb:latest", "", default, false, [], null, null), record, log);
    }
}
