// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Writes an answer of our own: header, question, records, options.</summary>
/// <remarks>RFC 1035 §4.1. Records that do not fit are left out, and the answer says so.</remarks>
internal ref struct DnsAnswer
{
    private const int OptionBytes = 11;
    private const int RecordBytes = 12;
    private const ushort NameOfQuestion = 0xC000 | DnsMessage.HeaderBytes;

    private readonly Span<byte> _room;
    private readonly bool _hasOptions;
    private readonly int _limit;
    private readonly uint _seconds;
    private int _length;
    private ushort _flags;
    private ushort _records;

    /// <param name="query">what is answered; one that was not understood has no name, and its question is not repeated</param>
    /// <param name="room">at least <see cref="DnsMessage.PlainUdpBytes"/> long</param>
    /// <param name="limit">bytes that the asker takes</param>
    /// <param name="seconds">how long records may be remembered</param>
    public DnsAnswer(scoped in DnsQuery query, Span<byte> room, int limit, uint seconds)
    {
        _room = room;
        _hasOptions = query.HasOptions;
        _limit = Math.Min(room.Length, limit) - (query.HasOptions ? OptionBytes : 0);
        _seconds = seconds;
        const ushort Kept = DnsMessage.OperationBits | DnsMessage.WantsRecursion | DnsMessage.CheckingDisabled;
        _flags = (ushort)((query.Flags & Kept) | DnsMessage.IsAnswer | DnsMessage.HasRecursion);
        room[..DnsMessage.HeaderBytes].Clear();
        DnsMessage.SetId(room, query.Id);
        _length = DnsMessage.HeaderBytes;
        if (!query.Name.IsEmpty)
        {
            query.Name.CopyTo(room[_length..]);
            _length += query.Name.Length;
            Put(query.Type);
            Put(query.Class);
            room[5] = 1;
        }
    }

    /// <summary>A or AAAA.</summary>
    public void Add(InetAddress address)
    {
        if (Begin(address.IsV6 ? DnsMessage.Aaaa : DnsMessage.A, address.Length))
        {
            address.Write(_room[_length..]);
            _length += address.Length;
        }
    }

    /// <summary>PTR; the name as it travels.</summary>
    public void Add(scoped ReadOnlySpan<byte> name)
    {
        if (Begin(DnsMessage.Ptr, name.Length))
        {
            name.CopyTo(_room[_length..]);
            _length += name.Length;
        }
    }

    /// <summary>Completes it; its length.</summary>
    public int End(DnsCode code)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_room[2..], (ushort)(_flags | ((int)code & 0xF)));
        BinaryPrimitives.WriteUInt16BigEndian(_room[6..], _records);
        if (_hasOptions)
        {
            // root, type, our size, upper bits of the code, version 0, no flags, nothing in it
            _room[_length++] = 0;
            Put(DnsMessage.Opt);
            Put(DnsMessage.MaxUdpBytes);
            Put((ushort)(((int)code >> 4) << 8));
            Put(0);
            Put(0);
            _room[11] = 1;
        }

        return _length;
    }

    private bool Begin(ushort type, int bytes)
    {
        if (_length + RecordBytes + bytes > _limit)
        {
            _flags |= DnsMessage.IsCut;
            return false;
        }

        Put(NameOfQuestion);
        Put(type);
        Put(DnsMessage.Internet);
        BinaryPrimitives.WriteUInt32BigEndian(_room[_length..], _seconds);
        _length += 4;
        Put((ushort)bytes);
        _records++;
        return true;
    }

    private void Put(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_room[_length..], value);
        _length += 2;
    }
}
