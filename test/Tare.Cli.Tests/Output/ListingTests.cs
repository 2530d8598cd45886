// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.Tests.Output;

public class ListingTests
{
    private static readonly Listing<(string Id, string Name)> Sample = new(
        [new("Name", "NAME", row => row.Name), new("ID", "IMAGE ID", row => row.Id)],
        ["ID", "Name"]);

    [Theory]
    [InlineData(null, "IMAGE ID   NAME\n1          one\n2          <two>\n")]
    [InlineData("table", "IMAGE ID   NAME\n1          one\n2          <two>\n")]
    [InlineData("table {{.Name}}\\t{{.ID}}", "NAME      IMAGE ID\none       1\n<two>     2\n")]
    [InlineData("{{.ID}}={{.Name}}", "1=one\n2=<two>\n")]
    [InlineData("json", "{\"ID\":\"1\",\"Name\":\"one\"}\n{\"ID\":\"2\",\"Name\":\"<two>\"}\n")]
    public void A_format_decides_how_rows_look(string? format, string expected)
    {
        using var output = new StringWriter();

        Sample.Write(output, [("1", "one"), ("2", "<two>")], format);

        Assert.Equal(expected, output.ToString());
    }
}
