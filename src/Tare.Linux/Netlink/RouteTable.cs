// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tare.Linux.Netlink;

/// <summary>Where a network namespace sends packets to.</summary>
/// <remarks>man rtnetlink(7), struct rtmsg</remarks>
internal static class RouteTable
{
    private const int BodyBytes = 12;
    private const ushort RTA_DST = 1;
    private const byte RTN_UNICAST = 1;

    /// <summary>The networks that it knows a way to, of all tables; not the rest of the world.</summary>
    public static List<IPNetwork> Read(NetlinkSocket socket)
    {
        List<IPNetwork> found = [];
        var question = new NetlinkMessage(NetlinkMessage.RTM_GETROUTE, NetlinkMessage.NLM_F_DUMP, new byte[BodyBytes]);
        foreach (byte[] answer in socket.Ask(question, "routes"))
        {
            if (answer.Length > BodyBytes && answer[7] == RTN_UNICAST && answer[1] > 0
                && NetlinkMessage.Attributes(answer.AsSpan(BodyBytes)).TryGetValue(RTA_DST, out byte[]? target)
                && target.Length is 4 or 16)
            {
                found.Add(new IPNetwork(new IPAddress(target), answer[1]));
            }
        }

        return found;
    }
}
