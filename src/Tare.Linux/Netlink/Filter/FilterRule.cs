// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Linux.Netlink.Filter;

/// <summary>One rule of the packet filter: conditions from left to right, then what happens to the packet.</summary>
/// <remarks>
/// linux/netfilter/nf_tables.h. A condition loads something of the packet into registers and compares it; the next is looked
/// at only if it holds. Registers are four bytes wide here, numbered from 0; a name of a device takes four of them.
/// </remarks>
internal sealed class FilterRule
{
    /// <summary>Registers that a name of a device takes.</summary>
    public const int NameRegisters = 4;

    private const int FirstRegister = 8; // NFT_REG32_00
    private const ushort Name = 1;
    private const ushort Data = 2;
    private const ushort Element = 1;
    private const ushort Value = 1;
    private const ushort VerdictData = 2;
    private const int VerdictRegister = 0;

    private readonly List<Action<NetlinkMessage>> _expressions = [];

    /// <summary>Which number of what the kernel knows beside the packet itself.</summary>
    public FilterRule Meta(MetaKey key, int register = 0) => Expression("meta", data => data
        .AddBig(1, FirstRegister + register).AddBig(2, (int)key));

    /// <summary>Bytes of the packet.</summary>
    /// <param name="from">where they are counted from</param>
    /// <param name="offset">bytes</param>
    /// <param name="length">bytes</param>
    /// <param name="register">the first that is filled</param>
    public FilterRule Payload(PacketPart from, int offset, int length, int register = 0) => Expression("payload", data => data
        .AddBig(1, FirstRegister + register).AddBig(2, (int)from).AddBig(3, offset).AddBig(4, length));

    /// <summary>The first registers are these bytes, or are not.</summary>
    public FilterRule Is(ReadOnlySpan<byte> bytes, bool not = false)
    {
        byte[] wanted = bytes.ToArray();
        return Expression("cmp", data => data
            .AddBig(1, FirstRegister).AddBig(2, not ? 1 : 0).Nest(3, value => value.Add(Value, wanted)));
    }

    /// <summary>The first registers are among the elements of a set, or are not.</summary>
    public FilterRule In(string set, bool not = false) => Expression("lookup", data => data
        .Add(1, set).AddBig(2, FirstRegister).AddBig(5, not ? 1 : 0));

    /// <summary>Where the first registers lead to by a map is what they hold from then on; no element: the rule does not hold.</summary>
    public FilterRule Map(string set) => Expression("lookup", data => data
        .Add(1, set).AddBig(2, FirstRegister).AddBig(3, FirstRegister).AddBig(5, 0));

    /// <summary>Of the connection that the packet belongs to any of these bits is set.</summary>
    public FilterRule Connection(ConnectionKey key, uint bits)
    {
        byte[] mask = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(mask, bits);
        return Expression("ct", data => data.AddBig(1, FirstRegister).AddBig(2, (int)key))
            .Expression("bitwise", data => data.AddBig(1, FirstRegister).AddBig(2, FirstRegister).AddBig(3, sizeof(uint))
                .Nest(4, value => value.Add(Value, mask)).Nest(5, static value => value.Add(Value, new byte[sizeof(uint)])))
            .Is(new byte[sizeof(uint)], not: true);
    }

    /// <summary>The packet is for this host itself, or is not.</summary>
    public FilterRule ForHost(bool not = false) => Expression("fib", static data => data
        .AddBig(1, FirstRegister).AddBig(2, 3).AddBig(3, 2)).Is([2, 0, 0, 0], not);

    /// <summary>The packet is for a socket of this host that speaks with an address of somebody else (IP_TRANSPARENT).</summary>
    public FilterRule ForTransparentSocket() => Expression("socket", static data => data.AddBig(1, 0).AddBig(2, FirstRegister)).Is([1]);

    /// <summary>The packet has this mark from then on.</summary>
    public FilterRule SetMark(uint mark)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, mark);
        return Load(bytes, 0).Expression("meta", static data => data.AddBig(2, (int)MetaKey.Mark).AddBig(3, FirstRegister));
    }

    /// <summary>The packet goes to an address and a port that stand in registers; the rule ends here.</summary>
    /// <param name="family">AF_INET or AF_INET6</param>
    /// <param name="address">register</param>
    /// <param name="port">register</param>
    public FilterRule SendTo(byte family, int address, int port) => Expression("nat", data => data
        .AddBig(1, 1).AddBig(2, family)
        .AddBig(3, FirstRegister + address).AddBig(4, FirstRegister + address)
        .AddBig(5, FirstRegister + port).AddBig(6, FirstRegister + port));

    /// <summary>Registers hold these bytes from then on.</summary>
    public FilterRule Load(ReadOnlySpan<byte> bytes, int register)
    {
        byte[] loaded = bytes.ToArray();
        return Expression("immediate", data => data
            .AddBig(1, FirstRegister + register).Nest(2, value => value.Add(Value, loaded)));
    }

    /// <summary>The packet has the address of the device that it leaves by; the rule ends here.</summary>
    public FilterRule Masquerade() => Expression("masq", static _ => { });

    public FilterRule Drop() => Verdict(0);

    public FilterRule Accept() => Verdict(1);

    /// <summary>No further rule of the chain is looked at.</summary>
    public FilterRule Return() => Verdict(-5);

    /// <summary>A text that stands beside the rule where people list it.</summary>
    public string Comment { get; init; } = "";

    internal void WriteTo(NetlinkMessage message)
    {
        foreach (Action<NetlinkMessage> expression in _expressions)
        {
            message.Nest(Element, expression);
        }
    }

    private FilterRule Verdict(int code) => Expression("immediate", data => data
        .AddBig(1, VerdictRegister).Nest(2, value => value.Nest(VerdictData, verdict => verdict.AddBig(1, code))));

    private FilterRule Expression(string name, Action<NetlinkMessage> data)
    {
        _expressions.Add(message => message.Add(Name, name).Nest(Data, data));
        return this;
    }
}
