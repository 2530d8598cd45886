// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Netlink;

namespace Tare.Linux.Tests.Netlink;

public sealed class NetlinkMessageTests
{
    [Fact]
    public void A_message_is_a_header_a_fixed_part_and_padded_attributes()
    {
        byte[] bytes = new NetlinkMessage(NetlinkMessage.RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, [1, 2, 3, 4]).Add(3, "eth0").Add(28, 7).ToBytes(9);

        byte[] expected =
        [
            40, 0, 0, 0, 16, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0,
            1, 2, 3, 4,
            9, 0, 3, 0, (byte)'e', (byte)'t', (byte)'h', (byte)'0', 0, 0, 0, 0,
            8, 0, 28, 0, 7, 0, 0, 0,
        ];
        Assert.Equal(expected, bytes);
        Assert.Equal([7, 0, 0, 0], NetlinkMessage.Attributes(bytes.AsSpan(20))[28]);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 1, 0 })]
    [InlineData(new byte[] { 9, 0, 1, 0, 0, 0, 0, 0 })]
    public void Attributes_that_do_not_fit_are_refused(byte[] bytes)
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => NetlinkMessage.Attributes(bytes));

        Assert.Equal(Errno.EBADMSG, refused.Errno);
    }

    [Fact]
    public void The_last_attribute_needs_no_padding() =>
        Assert.Equal([5], NetlinkMessage.Attributes([5, 0, 1, 0, 5])[1]);
}
