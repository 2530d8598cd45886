// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Tare.Linux.Netlink;

/// <summary>A rule of a network namespace that packets with a mark are routed by a table of their own.</summary>
/// <param name="Family">of the packets: IPv4 or IPv6</param>
/// <param name="Priority">the lower the earlier; several rules may have the same</param>
/// <param name="Mark">of the packets, all 32 bits of it; 0: the rule asks for none</param>
/// <param name="Table">number of the table of routes; 0: the rule does something else</param>
/// <param name="Input">device that the packets come from; empty: any</param>
/// <remarks>man rtnetlink(7), ip-rule(8); linux/fib_rules.h, struct fib_rule_hdr</remarks>
internal sealed record PolicyRule(AddressFamily Family, int Priority, uint Mark, uint Table, string Input = "")
{
    /// <summary>What packets have as their input that this host itself sends, and those of whose source the kernel asks whether it is where it should be.</summary>
    public const string Loopback = "lo";

    /// <summary>The table of a host's ordinary routes.</summary>
    public const uint Main = 254;

    private const int BodyBytes = 12;
    private const int TableOffset = 4;
    private const int ActionOffset = 7;
    private const byte FR_ACT_TO_TBL = 1;
    private const ushort FRA_IIFNAME = 3;
    private const ushort FRA_PRIORITY = 6;
    private const ushort FRA_FWMARK = 10;
    private const ushort FRA_TABLE = 15;
    private const ushort FRA_FWMASK = 16;

    /// <summary>All of a family that lead to tables.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: the kernel has no such rules</exception>
    public static List<PolicyRule> List(NetlinkSocket socket, AddressFamily family)
    {
        byte[] body = new byte[BodyBytes];
        body[0] = DeviceChange.Family(family);
        var question = new NetlinkMessage(NetlinkMessage.RTM_GETRULE, NetlinkMessage.NLM_F_DUMP, body);
        return [.. socket.Ask(question, "routing rules").Where(static answer => answer.Length >= BodyBytes).Select(answer => Parse(answer, family))];
    }

    /// <summary>To be sent with <see cref="NetlinkSocket.Change"/>; EEXIST when it is there.</summary>
    public NetlinkMessage Add() => Message(
        NetlinkMessage.RTM_NEWRULE, NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL);

    /// <summary>To be sent with <see cref="NetlinkSocket.Change"/>; ENOENT when it is not there.</summary>
    public NetlinkMessage Remove() => Message(NetlinkMessage.RTM_DELRULE, NetlinkMessage.NLM_F_ACK);

    private static PolicyRule Parse(byte[] answer, AddressFamily family)
    {
        Dictionary<ushort, byte[]> attributes = NetlinkMessage.Attributes(answer.AsSpan(BodyBytes));
        uint table = answer[ActionOffset] == FR_ACT_TO_TBL ? Number(attributes, FRA_TABLE, answer[TableOffset]) : 0;
        string input = Encoding.UTF8.GetString(attributes.GetValueOrDefault(FRA_IIFNAME, [])).TrimEnd('\0');
        return new(family, (int)Number(attributes, FRA_PRIORITY, 0), Number(attributes, FRA_FWMARK, 0), table, input);
    }

    private static uint Number(Dictionary<ushort, byte[]> attributes, ushort type, uint none) =>
        attributes.TryGetValue(type, out byte[]? value) && value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(value) : none;

    private NetlinkMessage Message(ushort type, ushort flags)
    {
        Span<byte> body = [DeviceChange.Family(Family), 0, 0, 0, 0, 0, 0, FR_ACT_TO_TBL, 0, 0, 0, 0];
        NetlinkMessage made = new NetlinkMessage(type, flags, body)
            .Add(FRA_PRIORITY, Priority).Add(FRA_FWMARK, (int)Mark).Add(FRA_FWMASK, -1).Add(FRA_TABLE, (int)Table);
        return Input.Length > 0 ? made.Add(FRA_IIFNAME, Input) : made;
    }
}
