// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.Tests.Output;

public class TableTests
{
    [Fact]
    public void Columns_are_three_spaces_apart_and_ten_wide_at_least()
    {
        string text = Write(
            ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"],
            ["busybox", "latest", "27a71e19c956", "2 weeks ago", "4.27MB"],
            ["debian", "bookworm-slim", "e4fff0779e6d", "3 days ago", "74.8MB"]);

        Assert.Equal(
            """
            REPOSITORY   TAG             IMAGE ID       CREATED       SIZE
            busybox      latest          27a71e19c956   2 weeks ago   4.27MB
            debian       bookworm-slim   e4fff0779e6d   3 days ago    74.8MB

            """,
            text);
    }

    [Fact]
    public void A_table_without_rows_is_its_header_as_dockers() =>
        Assert.Equal("REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n", Write(["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"]));

    [Fact]
    public void Escape_sequences_never_reach_the_terminal() =>
        Assert.Equal("\\x1b[2J   b\n", Write(["\u001b[2J", "b"]));

    private static string Write(params string[][] lines)
    {
        using var output = new StringWriter();
        Table.Write(output, lines);
        return output.ToString();
    }
}
