// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Netlink.Filter;

/// <summary>What stands in the sets and maps of a table of the packet filter.</summary>
/// <remarks>linux/netfilter/nf_tables.h, NFT_MSG_GETSETELEM</remarks>
internal static class FilterSets
{
    private const ushort GetElements = (10 << 8) | 13;
    private const int BodyBytes = 4;
    private const ushort TableAttribute = 1;
    private const ushort SetAttribute = 2;
    private const ushort ElementsAttribute = 3;
    private const ushort KeyAttribute = 1;
    private const ushort ValueAttribute = 1;

    /// <summary>The keys of one; none when it, or its table, is not there.</summary>
    /// <exception cref="LinuxException">EBADMSG: the answer makes no sense</exception>
    public static List<byte[]> Keys(NetlinkSocket socket, FilterFamily family, string table, string set)
    {
        List<byte[]> keys = [];
        try
        {
            NetlinkMessage question = new NetlinkMessage(GetElements, NetlinkMessage.NLM_F_DUMP, [(byte)family, 0, 0, 0])
                .Add(TableAttribute, table).Add(SetAttribute, set);
            foreach (byte[] answer in socket.Ask(question, "packet filter"))
            {
                byte[] list = NetlinkMessage.Attributes(answer.AsSpan(BodyBytes)).GetValueOrDefault(ElementsAttribute, []);
                keys.AddRange(NetlinkMessage.List(list).Select(static element => KeyOf(element)));
            }
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
        {
            return [];
        }

        return keys;
    }

    private static byte[] KeyOf(byte[] element) =>
        NetlinkMessage.Attributes(NetlinkMessage.Attributes(element).GetValueOrDefault(KeyAttribute, [])).GetValueOrDefault(ValueAttribute, []);
}
