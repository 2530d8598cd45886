// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Netlink;

namespace Tare.Linux.Tests.Netlink;

public sealed class DeviceAddressTests
{
    private const byte Permanent = 0x80;
    private const byte Link = 253;

    [Theory]
    [InlineData(Permanent, 0, true)]
    [InlineData(0, 0, false)]
    [InlineData(Permanent, Link, false)]
    public void Only_what_is_permanent_and_for_all_the_world_counts(byte flags, byte scope, bool counts)
    {
        DeviceAddress? address = DeviceAddress.TryParse([2, 24, flags, scope, 1, 0, 0, 0, 8, 0, 2, 0, 10, 0, 0, 1, 8, 0, 3, 0, 1, 2, 3, 4]);

        Assert.Equal(counts, address is not null);
        if (address is not null)
        {
            Assert.Equal((2, 24), (address.Family, address.Prefix));
            Assert.Equal([10, 0, 0, 1], Assert.Single(address.Attributes).Value);
        }
    }

    [Fact]
    public void The_wide_flags_count_where_there_are_any() =>
        Assert.Null(DeviceAddress.TryParse([2, 24, Permanent, 0, 1, 0, 0, 0, 8, 0, 8, 0, 0, 0, 0, 0]));

    [Fact]
    public void The_loopback_device_is_there_and_no_other_of_its_name()
    {
        using NetlinkSocket socket = NetlinkSocket.Open();

        Assert.Equal("lo", NetworkDevice.TryFind(socket, "lo")!.Name);
        Assert.Null(NetworkDevice.TryFind(socket, "no-such-device"));
    }
}
