// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Requests;
using Tare.Oci;

namespace Tare.Cli.Tests.Requests;

public sealed class KeyValuesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_variable_without_a_value_takes_ours_or_stays_a_name()
    {
        Assert.Equal("A=b=c", KeyValues.Variable("A=b=c"));
        Assert.Equal("A=", KeyValues.Variable("A="));
        Assert.Equal($"PATH={Environment.GetEnvironmentVariable("PATH")}", KeyValues.Variable("PATH"));
        Assert.Equal("TARE_TEST_NOT_SET", KeyValues.Variable("TARE_TEST_NOT_SET"));
        Assert.Throws<FormatException>(() => KeyValues.Variable(""));
        Assert.Throws<FormatException>(() => KeyValues.Variable("=x"));
    }

    [Fact]
    public void A_file_holds_one_a_line_with_comments_and_blank_lines()
    {
        File.WriteAllText(_file, "# first\n\nA=1\r\n  B=with space \nTARE_TEST_NOT_SET\n");

        Assert.Equal(["A=1", "B=with space ", "TARE_TEST_NOT_SET"], KeyValues.ReadFile(_file, KeyValues.Variable));
    }

    [Theory]
    [InlineData("A B=1")]
    [InlineData("=1")]
    public void A_wrong_line_is_named(string line)
    {
        File.WriteAllText(_file, line);

        TareException refused = Assert.Throws<TareException>(() => KeyValues.ReadFile(_file, KeyValues.Variable));
        Assert.Contains(line, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_of_two_labels_wins() =>
        Assert.Equal(new Dictionary<string, string> { ["a"] = "2", ["b"] = "" }, KeyValues.ToMap(["a=1", "b", "a=2"]));
}
