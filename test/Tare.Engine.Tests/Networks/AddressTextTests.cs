// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;

namespace Tare.Engine.Tests.Networks;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("1.2.3", false)]
    [InlineData("1", false)]
    [InlineData("0x7f.0.0.1", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("10.0.0.1 ", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("", false)]
    public void Only_what_everybody_reads_alike_is_an_address(string text, bool expected) => Assert.Equal(expected, AddressText.TryParse(text, out _));
}
