// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Steps;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Steps;

public sealed class StepOutputTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb", "a|b")]
    [InlineData("", "")]
    [InlineData("\n\nx", "||x")]
    public void Lines_are_told_as_they_come(string written, string told)
    {
        List<string> lines = [];
        var output = new StepOutput(lines.Add);

        int result = output.Read(writer =>
        {
            writer.Write(Encoding.UTF8.GetBytes(written));
            return 7;
        });

        Assert.Equal((7, told), (result, string.Join('|', lines)));
    }

    [Fact]
    public void The_last_ten_are_kept_and_no_line_is_endless()
    {
        List<string> lines = [];
        var output = new StepOutput(lines.Add);

        output.Read(writer =>
        {
            writer.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 25).Select(static i => $"{i}\n")) + new string('x', 40_000)));
            return true;
        });

        Assert.Equal(10, output.Last.Count);
        Assert.All(lines, static line => Assert.InRange(line.Length, 1, 16 * 1024));
        Assert.Equal(40_000, lines.Where(static line => line[0] == 'x').Sum(static line => line.Length));
    }
}
