// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>A <see cref="NameFile"/> as it was read, with an index of where its names and addresses stand.</summary>
/// <remarks>
/// Each keeper on a network has one, so it is two arrays beside the file's own bytes, and no object per name.
/// </remarks>
internal sealed class NameTable
{
    /// <summary>Addresses that are found for one name.</summary>
    public const int MaxFound = 256;

    private const int ShortIdBytes = 12;

    private readonly byte[] _text;
    private readonly int[] _names;
    private readonly int[] _addresses;

    /// <param name="text">owned from now on; lines that make no sense are passed over</param>
    public NameTable(byte[] text)
    {
        _text = text;
        bool isOurs = ((ReadOnlySpan<byte>)text).StartsWith(NameFile.Magic);

        // an endpoint is found by its short id too
        int words = isOurs ? text.AsSpan().Count((byte)'=') + text.AsSpan().Count((byte)'\n') : 0;
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(words * 2) + 2);
        _names = new int[size];
        _addresses = new int[size];
        if (isOurs)
        {
            Index();
        }
    }

    /// <summary>The network's name; empty: there is no such network.</summary>
    public string Network { get; private set; } = "";

    /// <summary>Finds the addresses of all endpoints of this name, in the order of the file.</summary>
    /// <param name="name">in lower case</param>
    /// <param name="found">gets them, whatever was in it before is gone</param>
    /// <returns>false: there is no such name</returns>
    public bool Find(ReadOnlySpan<byte> name, List<InetAddress> found)
    {
        found.Clear();
        bool isKnown = false;
        int mask = _names.Length - 1;
        for (int slot = Hash(name) & mask; _names[slot] != 0; slot = (slot + 1) & mask)
        {
            int start = Math.Abs(_names[slot]) - 1;
            ReadOnlySpan<byte> word = Word(start);
            word = _names[slot] < 0 ? word[..ShortIdBytes] : word;
            if (DnsName.Same(word, name))
            {
                isKnown = true;
                AddAddresses(start, found);
            }
        }

        return isKnown;
    }

    /// <summary>The name of the container that has this address; empty: none has.</summary>
    public ReadOnlySpan<byte> NameOf(InetAddress address)
    {
        int mask = _addresses.Length - 1;
        for (int slot = address.GetHashCode() & mask; _addresses[slot] != 0; slot = (slot + 1) & mask)
        {
            int start = _addresses[slot] - 1;
            if (InetAddress.TryParse(Word(start), out InetAddress found) && found == address)
            {
                NameLine line = LineAt(start);
                while (line.MoveNext())
                {
                    if (line.Key.SequenceEqual(NameLine.Name))
                    {
                        return line.Value;
                    }
                }
            }
        }

        return default;
    }

    private void Index()
    {
        ReadOnlySpan<byte> text = _text;
        foreach (Range range in text.Split((byte)'\n'))
        {
            NameLine line = new(text[range]);
            if (line.Kind.SequenceEqual(NameLine.Network))
            {
                Network = Encoding.UTF8.GetString(line.Rest);
            }
            else if (line.Kind.SequenceEqual(NameLine.Endpoint))
            {
                Index(line, range.Start.Value);
            }
        }
    }

    private void Index(NameLine line, int lineStart)
    {
        while (line.MoveNext())
        {
            int entry = lineStart + line.ValueStart + 1;
            if (line.Address is { } address)
            {
                Put(_addresses, address.GetHashCode(), entry);
            }
            else if (line.Key.SequenceEqual(NameLine.Name))
            {
                Put(_names, Hash(line.Value), entry);
            }
            else if (line.Key.SequenceEqual(NameLine.Id))
            {
                Put(_names, Hash(line.Value), entry);
                if (line.Value.Length > ShortIdBytes)
                {
                    Put(_names, Hash(line.Value[..ShortIdBytes]), -entry);
                }
            }
        }
    }

    private static void Put(int[] slots, int hash, int entry)
    {
        int mask = slots.Length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        slots[slot] = entry;
    }

    private void AddAddresses(int start, List<InetAddress> found)
    {
        NameLine line = LineAt(start);
        while (line.MoveNext())
        {
            if (line.Address is { } address && found.Count < MaxFound && !found.Contains(address))
            {
                found.Add(address);
            }
        }
    }

    private ReadOnlySpan<byte> Word(int start)
    {
        ReadOnlySpan<byte> rest = _text.AsSpan(start);
        int end = rest.IndexOfAny((byte)' ', (byte)'\n');
        return end < 0 ? rest : rest[..end];
    }

    private NameLine LineAt(int place)
    {
        int start = _text.AsSpan(0, place).LastIndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> rest = _text.AsSpan(start);
        int end = rest.IndexOf((byte)'\n');
        return new NameLine(end < 0 ? rest : rest[..end]);
    }

    /// <summary>FNV-1a of the letters in lower case.</summary>
    private static int Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte b in name)
        {
            hash = (hash ^ (b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20u : b)) * 16777619;
        }

        return (int)(hash ^ (hash >> 15));
    }
}
