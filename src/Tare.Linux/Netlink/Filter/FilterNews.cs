// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Linux.Netlink.Filter;

/// <summary>Tells of the packet filter's news whether somebody else took something away that a table's owner needs.</summary>
/// <remarks>
/// linux/netfilter/nf_tables.h. The kernel tells of each thing that a transaction changed, then by whom the transaction was
/// (NFT_MSG_NEWGEN). What programs of the owner's own name change never counts.
/// </remarks>
/// <param name="table">name of the owner's tables</param>
/// <param name="own">what the names of the owner's processes begin with, at most 15 bytes</param>
internal sealed class FilterNews(byte[] table, byte[] own)
{
    private const int Subsystem = 10;
    private const int BodyBytes = 4;
    private const byte NewChain = 3;
    private const byte DeleteTable = 2;
    private const byte DeleteChain = 5;
    private const byte DeleteRule = 8;
    private const byte DeleteSet = 11;
    private const byte DeleteElement = 14;
    private const byte NewGeneration = 15;
    private const ushort TableName = 1;
    private const ushort ChainName = 3;
    private const ushort ChainHook = 4;
    private const ushort ChainPolicy = 5;
    private const ushort HookNumber = 1;
    private const ushort RuleUserData = 7;
    private const ushort ProcessName = 3;

    private bool _isTouched;

    /// <summary>Takes a lot of messages.</summary>
    /// <returns>true: a transaction of somebody else has ended, and what the owner needs may be missing now</returns>
    public bool Take(ReadOnlySpan<byte> messages)
    {
        bool isLost = false;
        NetlinkReader reader = NetlinkReader.Messages(messages);
        while (reader.MoveNext())
        {
            if (reader.Type >> 8 != Subsystem || reader.Value.Length < BodyBytes)
            {
                continue;
            }

            ReadOnlySpan<byte> attributes = reader.Value[BodyBytes..];
            if ((byte)reader.Type == NewGeneration)
            {
                isLost |= _isTouched && !NetlinkReader.Find(attributes, ProcessName).StartsWith(own);
                _isTouched = false;
            }
            else
            {
                _isTouched = _isTouched || Touches((byte)reader.Type, attributes);
            }
        }

        return isLost;
    }

    private bool Touches(byte kind, ReadOnlySpan<byte> attributes) => kind switch
    {
        DeleteTable or DeleteChain or DeleteSet or DeleteElement => IsOwn(attributes),

        // the owner's rules in chains of others bear the table's name in their comments
        DeleteRule => IsOwn(attributes) || NetlinkReader.Find(attributes, RuleUserData).IndexOf(table) >= 0,
        NewChain => !IsOwn(attributes) && MayDrop(attributes),
        _ => false,
    };

    private bool IsOwn(ReadOnlySpan<byte> attributes) => NetlinkReader.Text(NetlinkReader.Find(attributes, TableName)).SequenceEqual(table);

    /// <summary>A chain that drops what passes the host, or the place where Docker lets others have their say first.</summary>
    private static bool MayDrop(ReadOnlySpan<byte> attributes)
    {
        ReadOnlySpan<byte> hook = NetlinkReader.Find(NetlinkReader.Find(attributes, ChainHook), HookNumber);
        ReadOnlySpan<byte> policy = NetlinkReader.Find(attributes, ChainPolicy);
        return NetlinkReader.Text(NetlinkReader.Find(attributes, ChainName)).SequenceEqual("DOCKER-USER"u8)
            || (hook.Length == sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(hook) == (int)FilterHook.Forward
                && policy.Length == sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(policy) == 0);
    }
}
