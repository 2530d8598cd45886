// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Linux.Netlink.Filter;

/// <summary>Changes to one table of the packet filter that are made together or not at all, up to <see cref="MaxTogether"/>.</summary>
/// <remarks>linux/netfilter/nf_tables.h, linux/netfilter/nfnetlink.h. Making what is there already is no error.</remarks>
internal sealed class FilterBatch
{
    /// <summary>More are made one lot after the other: a socket takes only so many bytes at once.</summary>
    public const int MaxTogether = 500;

    private const ushort Subsystem = 10 << 8;
    private const ushort Begin = 0x10;
    private const ushort End = 0x11;
    private const ushort NewTable = Subsystem | 0;
    private const ushort DeleteTable = Subsystem | 2;
    private const ushort NewChain = Subsystem | 3;
    private const ushort NewRule = Subsystem | 6;
    private const ushort DeleteRule = Subsystem | 8;
    private const ushort NewSet = Subsystem | 9;
    private const ushort NewElement = Subsystem | 12;
    private const ushort DeleteElement = Subsystem | 14;
    private const int MapFlag = 0x8;
    private const ushort Make = NetlinkMessage.NLM_F_CREATE;
    private const byte CommentTag = 0;

    private readonly FilterFamily _family;
    private readonly string _table;
    private readonly List<NetlinkMessage> _changes = [];
    private readonly Dictionary<string, int> _rules = [];
    private int _sets;

    public FilterBatch(FilterFamily family, string table) => (_family, _table) = (family, table);

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Its chains, and how many rules it adds to each.</summary>
    public IReadOnlyDictionary<string, int> Rules => _rules;

    public FilterBatch Table() => Add(Message(NewTable, Make).Add(1, _table));

    /// <summary>With all that is in it; ENOENT when it is not there.</summary>
    public FilterBatch RemoveTable() => Add(Message(DeleteTable, 0).Add(1, _table));

    /// <summary>A chain that packets come to by themselves; what it does not decide passes.</summary>
    /// <param name="name">of it</param>
    /// <param name="type">filter, nat, route</param>
    /// <param name="hook">where</param>
    /// <param name="priority">the lower the earlier</param>
    public FilterBatch Chain(string name, string type, FilterHook hook, int priority) => Add(Message(NewChain, Make)
        .Add(1, _table).Add(3, name)
        .Nest(4, place => place.AddBig(1, (int)hook).AddBig(2, priority))
        .AddBig(5, 1).Add(7, type));

    /// <summary>A set of keys, or with <paramref name="value"/> a map.</summary>
    public FilterBatch Set(string name, FilterType key, FilterType? value = null)
    {
        NetlinkMessage made = Message(NewSet, Make).Add(1, _table).Add(2, name).AddBig(3, value is null ? 0 : MapFlag)
            .AddBig(4, key.Number).AddBig(5, key.Length);
        made = value is null ? made : made.AddBig(6, value.Number).AddBig(7, value.Length);
        return Add(made.AddBig(10, ++_sets));
    }

    /// <summary>At the end of a chain, or before all others.</summary>
    public FilterBatch Rule(string chain, FilterRule rule, bool first = false)
    {
        _rules[chain] = _rules.GetValueOrDefault(chain) + 1;
        NetlinkMessage made = Message(NewRule, first ? Make : (ushort)(Make | NetlinkMessage.NLM_F_APPEND))
            .Add(1, _table).Add(2, chain).Nest(4, rule.WriteTo);
        byte[] comment = Encoding.UTF8.GetBytes(rule.Comment);
        return Add(comment.Length == 0 ? made : made.Add(7, [CommentTag, (byte)(comment.Length + 1), .. comment, 0]));
    }

    /// <summary>ENOENT when it is not there.</summary>
    /// <param name="chain">its chain</param>
    /// <param name="handle">as <see cref="FilterChains.Rules"/> tells it</param>
    public FilterBatch RemoveRule(string chain, ulong handle)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, handle);
        return Add(Message(DeleteRule, 0).Add(1, _table).Add(2, chain).Add(3, bytes));
    }

    public FilterBatch AddElement(string set, byte[] key, byte[]? value = null) => Add(Message(NewElement, Make)
        .Add(1, _table).Add(2, set).Nest(3, list => list.Nest(1, element => Write(element, key, value))));

    /// <summary>ENOENT when it is not there.</summary>
    public FilterBatch RemoveElement(string set, byte[] key) => Add(Message(DeleteElement, 0)
        .Add(1, _table).Add(2, set).Nest(3, list => list.Nest(1, element => Write(element, key, null))));

    /// <summary>Makes the changes.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <exception cref="LinuxException">one is refused, and so none was made; ENOENT: table, set or element are missing</exception>
    public void Send(NetlinkSocket socket)
    {
        foreach (NetlinkMessage[] lot in _changes.Chunk(MaxTogether))
        {
            SendLot(socket, lot);
        }
    }

    /// <summary>Makes each change by itself, and leaves out those that find nothing to change.</summary>
    public void SendEach(NetlinkSocket socket)
    {
        foreach (NetlinkMessage change in _changes)
        {
            try
            {
                SendLot(socket, [change]);
            }
            catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
            {
                // that is what was wanted
            }
        }
    }

    /// <summary>Only the last is acknowledged: hundreds of answers would not fit into the socket, and errors come in any case.</summary>
    private void SendLot(NetlinkSocket socket, NetlinkMessage[] lot)
    {
        lot[^1].Acknowledged();
        socket.Change([Bracket(Begin), .. lot, Bracket(End)], $"packet filter {_table}");
    }

    private static void Write(NetlinkMessage element, byte[] key, byte[]? value)
    {
        element.Nest(1, data => data.Add(1, key));
        if (value is not null)
        {
            element.Nest(2, data => data.Add(1, value));
        }
    }

    private FilterBatch Add(NetlinkMessage change)
    {
        _changes.Add(change);
        return this;
    }

    private NetlinkMessage Message(ushort type, ushort flags) => new(type, flags, [(byte)_family, 0, 0, 0]);

    private static NetlinkMessage Bracket(ushort type)
    {
        Span<byte> body = stackalloc byte[4];
        body.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], Subsystem >> 8);
        return new(type, 0, body);
    }
}
