// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Netlink;

/// <summary>What <see cref="NetworkNews.OfLostDevices"/> brought.</summary>
/// <remarks>man rtnetlink(7), RTM_DELLINK</remarks>
internal static class DeviceNews
{
    private const int BodyBytes = 16;
    private const int FamilyOffset = 0;
    private const ushort IFLA_LINKINFO = 18;
    private const ushort IFLA_INFO_KIND = 1;

    /// <summary>A bridge has gone.</summary>
    public static bool LostBridge(ReadOnlySpan<byte> messages)
    {
        NetlinkReader reader = NetlinkReader.Messages(messages);
        while (reader.MoveNext())
        {
            // of another family it only tells that a port left its bridge
            if (reader.Type == NetlinkMessage.RTM_DELLINK && reader.Value.Length >= BodyBytes && reader.Value[FamilyOffset] == 0
                && NetlinkReader.Text(NetlinkReader.Find(NetlinkReader.Find(reader.Value[BodyBytes..], IFLA_LINKINFO), IFLA_INFO_KIND)).SequenceEqual("bridge"u8))
            {
                return true;
            }
        }

        return false;
    }
}
