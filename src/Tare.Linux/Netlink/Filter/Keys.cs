// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Netlink.Filter;

/// <summary>enum nft_meta_keys, as far as we use it.</summary>
internal enum MetaKey
{
    /// <summary>The mark of the packet, by which routes may be chosen; 4 bytes.</summary>
    Mark = 3,

    /// <summary>Name of the device that the packet came from; 16 bytes.</summary>
    InputName = 6,

    /// <summary>Name of the device that it goes to; 16 bytes.</summary>
    OutputName = 7,

    /// <summary>NFPROTO_*; 1 byte.</summary>
    Family = 15,

    /// <summary>IPPROTO_*; 1 byte.</summary>
    Protocol = 16,
}

/// <summary>enum nft_payload_bases.</summary>
internal enum PacketPart
{
    Link = 0,
    Network = 1,
    Transport = 2,
}

/// <summary>enum nft_ct_keys, as far as we use it.</summary>
internal enum ConnectionKey
{
    /// <summary>bit 1: established, bit 2: related</summary>
    State = 0,

    /// <summary>bit 5: its target was changed</summary>
    Status = 2,
}

/// <summary>enum nf_inet_hooks.</summary>
internal enum FilterHook
{
    Prerouting = 0,
    Input = 1,
    Forward = 2,
    Output = 3,
    Postrouting = 4,
}

/// <summary>NFPROTO_*: whose packets a table sees.</summary>
internal enum FilterFamily : byte
{
    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,
    IPv4 = 2,

    /// <summary>What passes a bridge.</summary>
    Bridge = 7,
    IPv6 = 10,
}
