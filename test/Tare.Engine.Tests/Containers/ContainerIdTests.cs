// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;

namespace Tare.Engine.Tests.Containers;

public sealed class ContainerIdTests
{
    [Fact]
    public void A_new_id_is_64_hex_digits_and_reads_back()
    {
        var id = ContainerId.Create();

        Assert.True(ContainerId.TryParse(id.Text, out ContainerId again));
        Assert.Equal(id, again);
        Assert.Equal(id.Text[..12], id.Short);
        Assert.NotEqual(id, ContainerId.Create());
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("../../etc/passwd/../../etc/passwd/../../etc/passwd/../../etc/passw")]
    public void Anything_else_is_no_id(string text) => Assert.False(ContainerId.TryParse(text, out _));
}
