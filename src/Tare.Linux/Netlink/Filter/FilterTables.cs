// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Linux.Netlink.Filter;

/// <summary>What tables the packet filter of a network namespace has.</summary>
/// <remarks>linux/netfilter/nf_tables.h, NFT_MSG_GETTABLE</remarks>
internal static class FilterTables
{
    private const ushort GetTable = (10 << 8) | 1;
    private const int BodyBytes = 4;
    private const ushort NameAttribute = 1;

    public static bool Has(NetlinkSocket socket, FilterFamily family, string name)
    {
        try
        {
            NetlinkMessage question = new NetlinkMessage(GetTable, 0, [(byte)family, 0, 0, 0]).Add(NameAttribute, name);
            return socket.Ask(question, "packet filter").Count > 0;
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Their names.</summary>
    public static List<string> Names(NetlinkSocket socket, FilterFamily family)
    {
        var question = new NetlinkMessage(GetTable, NetlinkMessage.NLM_F_DUMP, [(byte)family, 0, 0, 0]);
        return
        [
            .. socket.Ask(question, "packet filter")
                .Select(static answer => NetlinkMessage.Attributes(answer.AsSpan(BodyBytes)).GetValueOrDefault(NameAttribute, []))
                .Select(static bytes => Encoding.UTF8.GetString(bytes).TrimEnd('\0')),
        ];
    }
}
