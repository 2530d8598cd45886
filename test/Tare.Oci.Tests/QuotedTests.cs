// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class QuotedTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\nb\u001b[31m", "\"a\\u000ab\\u001b[31m\"")]
    [InlineData("say \"x\"", "\"say \\u0022x\\u0022\"")]
    public void Nothing_in_it_can_move_the_cursor_or_end_the_quotation(string text, string shown) =>
        Assert.Equal(shown, Quoted.Text(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal(123, Quoted.Text(new string('x', 100_000)).Length);
}
