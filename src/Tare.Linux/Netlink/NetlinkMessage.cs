// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Linux.Netlink;

/// <summary>One message to the kernel: a header, a fixed part, attributes, which may hold attributes.</summary>
/// <remarks>
/// man netlink(7), rtnetlink(7). All numbers are of the machine's own order, which is little-endian wherever Tare runs;
/// netfilter alone wants its numbers in the network's order (<see cref="AddBig(ushort, int)"/>).
/// </remarks>
internal sealed class NetlinkMessage
{
    /// <summary>struct nlmsghdr</summary>
    internal const int HeaderBytes = 16;

    internal const ushort Error = 2;
    internal const ushort Done = 3;
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_DELLINK = 17;
    internal const ushort RTM_GETLINK = 18;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_DELADDR = 21;
    internal const ushort RTM_GETADDR = 22;
    internal const ushort RTM_NEWROUTE = 24;
    internal const ushort RTM_DELROUTE = 25;
    internal const ushort RTM_GETROUTE = 26;
    internal const ushort RTM_NEWRULE = 32;
    internal const ushort RTM_DELRULE = 33;
    internal const ushort RTM_GETRULE = 34;

    internal const ushort NLM_F_REQUEST = 0x1;
    internal const ushort NLM_F_ACK = 0x4;
    internal const ushort NLM_F_REPLACE = 0x100;
    internal const ushort NLM_F_EXCL = 0x200;
    internal const ushort NLM_F_DUMP = 0x300;
    internal const ushort NLM_F_CREATE = 0x400;
    internal const ushort NLM_F_APPEND = 0x800;

    private const int Alignment = 4;
    private const int AttributeHeader = 4;
    private const ushort NLA_F_NESTED = 0x8000;
    private const ushort AttributeTypeMask = 0x3fff;

    private readonly List<byte> _bytes;

    /// <param name="type">RTM_*</param>
    /// <param name="flags">NLM_F_*; a request is one in any case</param>
    /// <param name="body">the fixed part</param>
    public NetlinkMessage(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        _bytes = [.. new byte[HeaderBytes], .. body];
        Type = type;
        Flags = (ushort)(flags | NLM_F_REQUEST);
    }

    public ushort Type { get; }

    public ushort Flags { get; private set; }

    /// <summary>The kernel tells when it was carried out, not only when it was not.</summary>
    public NetlinkMessage Acknowledged()
    {
        Flags |= NLM_F_ACK;
        return this;
    }

    public NetlinkMessage Add(ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> header = stackalloc byte[AttributeHeader];
        BinaryPrimitives.WriteUInt16LittleEndian(header, checked((ushort)(AttributeHeader + value.Length)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        _bytes.AddRange(header);
        _bytes.AddRange(value);
        while (_bytes.Count % Alignment != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    public NetlinkMessage Add(ushort type, string text) => Add(type, [.. Encoding.UTF8.GetBytes(text), 0]);

    public NetlinkMessage Add(ushort type, int number)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return Add(type, value);
    }

    /// <summary>A number as netfilter takes it: the most significant byte first.</summary>
    public NetlinkMessage AddBig(ushort type, int number)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(value, number);
        return Add(type, value);
    }

    /// <summary>An attribute that holds what <paramref name="content"/> adds.</summary>
    public NetlinkMessage Nest(ushort type, Action<NetlinkMessage> content)
    {
        int start = _bytes.Count;
        _bytes.AddRange(stackalloc byte[AttributeHeader]);
        content(this);
        Span<byte> header = stackalloc byte[AttributeHeader];
        BinaryPrimitives.WriteUInt16LittleEndian(header, checked((ushort)(_bytes.Count - start)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)(type | NLA_F_NESTED));
        for (int i = 0; i < AttributeHeader; i++)
        {
            _bytes[start + i] = header[i];
        }

        return this;
    }

    /// <summary>The fixed part of a message inside an attribute, as a peer of a pair of devices has it.</summary>
    public NetlinkMessage AddBytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>As it is sent.</summary>
    /// <param name="sequence">comes back with each answer</param>
    public byte[] ToBytes(uint sequence)
    {
        byte[] bytes = [.. _bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), sequence);
        return bytes;
    }

    /// <summary>The attributes of a message, by type; of two of one type the last.</summary>
    /// <param name="attributes">what comes behind the fixed part</param>
    /// <exception cref="LinuxException">EBADMSG: they do not fit</exception>
    public static Dictionary<ushort, byte[]> Attributes(ReadOnlySpan<byte> attributes)
    {
        Dictionary<ushort, byte[]> found = [];
        foreach ((ushort type, byte[] value) in Parse(attributes))
        {
            found[type] = value;
        }

        return found;
    }

    /// <summary>The values of a list of attributes, in order.</summary>
    /// <exception cref="LinuxException">EBADMSG: they do not fit</exception>
    public static IEnumerable<byte[]> List(ReadOnlySpan<byte> attributes) => Parse(attributes).Select(static each => each.Value);

    private static List<(ushort Type, byte[] Value)> Parse(ReadOnlySpan<byte> attributes)
    {
        List<(ushort, byte[])> found = [];
        while (attributes.Length >= AttributeHeader)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeader || length > attributes.Length)
            {
                throw new LinuxException(Errno.EBADMSG, "netlink", "attribute");
            }

            ushort type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & AttributeTypeMask);
            found.Add((type, attributes[AttributeHeader..length].ToArray()));
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }

        return found;
    }

    internal static int Aligned(int length) => (length + Alignment - 1) & -Alignment;
}
