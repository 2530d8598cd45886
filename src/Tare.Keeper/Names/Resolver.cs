// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Decides on a query: what is known here is answered, what is ours is never asked of others.</summary>
/// <param name="book">what is known</param>
/// <param name="isOfHost">it is the host that asks: names are those below <see cref="HostZone"/>, and nobody else is ever asked</param>
internal sealed class Resolver(NameBook book, bool isOfHost = false)
{
    /// <summary>How long an answer of ours may be remembered: containers come and go.</summary>
    private const uint Seconds = 5;

    private readonly List<InetAddress> _found = [];
    private uint _turn;

    /// <summary>Nobody else is asked.</summary>
    public bool IsInternal { get; set; }

    /// <summary>Answers a message, or says that it cannot.</summary>
    /// <param name="message">whatever came</param>
    /// <param name="room">for the answer; at least <see cref="DnsMessage.PlainUdpBytes"/></param>
    /// <param name="isTcp">false: the answer goes out as one datagram</param>
    /// <param name="length">of the answer</param>
    public Verdict Answer(ReadOnlySpan<byte> message, Span<byte> room, bool isTcp, out int length)
    {
        length = 0;
        if (!DnsQuery.IsQuery(message))
        {
            return Verdict.Drop;
        }

        DnsQuery query = default;
        DnsCode fault = query.Read(message);
        var answer = new DnsAnswer(in query, room, isTcp ? room.Length : query.UdpBytes, Seconds);
        if (fault == DnsCode.None)
        {
            if (Look(in query, ref answer) is not { } code)
            {
                return Verdict.Forward;
            }

            fault = code;
        }

        length = answer.End(fault);
        return Verdict.Answered;
    }

    /// <summary>Makes the answer to a query that nobody else could answer.</summary>
    /// <returns>its length; 0: it is no query</returns>
    public static int Fail(ReadOnlySpan<byte> message, Span<byte> room)
    {
        if (!DnsQuery.IsQuery(message))
        {
            return 0;
        }

        DnsQuery query = default;
        query.Read(message);
        return new DnsAnswer(in query, room, DnsMessage.PlainUdpBytes, 0).End(DnsCode.ServerFailure);
    }

    /// <summary>Null: somebody else may know.</summary>
    private DnsCode? Look(in DnsQuery query, ref DnsAnswer answer)
    {
        Span<byte> text = stackalloc byte[DnsName.MaxBytes];
        int length = DnsName.ToText(query.Name, text);
        if (length > 0)
        {
            ReadOnlySpan<byte> name = text[..length];
            if (isOfHost)
            {
                return LookForHost(name, in query, ref answer);
            }

            if (book.Find(name, _found))
            {
                return IsOfInternet(query) ? AddAddresses(query.Type, ref answer) : DnsCode.Refused;
            }

            if (ReverseName.TryParse(name, out InetAddress address) && AddName(address, query, ref answer) is { } code)
            {
                return code;
            }

            if (book.IsBelowNetwork(name))
            {
                return DnsCode.NoSuchName;
            }
        }

        return isOfHost ? DnsCode.Refused : IsInternal ? DnsCode.NoSuchName : null;
    }

    /// <summary>Who asks for anything else is refused, so that it asks its next server.</summary>
    private DnsCode LookForHost(scoped ReadOnlySpan<byte> name, in DnsQuery query, ref DnsAnswer answer)
    {
        if (!HostZone.TryStrip(ref name))
        {
            return ReverseName.TryParse(name, out InetAddress address) ? AddName(address, query, ref answer) ?? DnsCode.Refused : DnsCode.Refused;
        }

        // the domain itself is there, and has no addresses
        return name.IsEmpty ? DnsCode.None
            : !book.Find(name, _found) ? DnsCode.NoSuchName
            : IsOfInternet(query) ? AddAddresses(query.Type, ref answer)
            : DnsCode.Refused;
    }

    private static bool IsOfInternet(in DnsQuery query) => query.Class is DnsMessage.Internet or DnsMessage.Any;

    /// <summary>A different one of several is the first each time.</summary>
    private DnsCode AddAddresses(ushort type, ref DnsAnswer answer)
    {
        if (type is DnsMessage.A or DnsMessage.Aaaa)
        {
            _found.RemoveAll(type == DnsMessage.A ? static address => address.IsV6 : static address => !address.IsV6);
        }
        else if (type != DnsMessage.Any)
        {
            return DnsCode.None;
        }

        ReadOnlySpan<InetAddress> found = CollectionsMarshal.AsSpan(_found);
        int first = found.Length > 1 ? (int)(_turn++ % (uint)found.Length) : 0;
        for (int i = 0; i < found.Length; i++)
        {
            answer.Add(found[(first + i) % found.Length]);
        }

        return DnsCode.None;
    }

    /// <summary>Null: it is not an address of ours.</summary>
    private DnsCode? AddName(InetAddress address, in DnsQuery query, ref DnsAnswer answer)
    {
        Span<byte> text = stackalloc byte[DnsName.MaxTextBytes];
        Span<byte> name = stackalloc byte[DnsName.MaxBytes];
        int length = book.NameOf(address, text);
        if (length == 0)
        {
            return book.Covers(address) ? DnsCode.NoSuchName : null;
        }

        if (isOfHost)
        {
            if (length + HostZone.Suffix.Length > text.Length)
            {
                return DnsCode.NoSuchName;
            }

            HostZone.Suffix.CopyTo(text[length..]);
            length += HostZone.Suffix.Length;
        }

        int bytes = DnsName.OfText(text[..length], name);
        if (bytes > 0 && query.Type is DnsMessage.Ptr or DnsMessage.Any)
        {
            answer.Add(name[..bytes]);
        }

        return DnsCode.None;
    }
}
