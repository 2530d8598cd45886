// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads <see cref="BlockIoResources"/> without the serializer; see <see cref="SpecReader"/>.</summary>
internal static class BlockIoReader
{
    public static BlockIoResources ReadBlockIo(ref FastTokens t)
    {
        ushort? weight = null, leafWeight = null;
        IReadOnlyList<BlockIoWeight>? weightDevice = null;
        IReadOnlyList<BlockIoThrottle>? readBps = null, writeBps = null, readIops = null, writeIops = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("weight"u8, ref seen)) weight = t.UInt16();
            else if (t.Is("leafWeight"u8, ref seen)) leafWeight = t.UInt16();
            else if (t.Is("weightDevice"u8, ref seen)) weightDevice = t.List(ReadWeight);
            else if (t.Is("throttleReadBpsDevice"u8, ref seen)) readBps = t.List(ReadThrottle);
            else if (t.Is("throttleWriteBpsDevice"u8, ref seen)) writeBps = t.List(ReadThrottle);
            else if (t.Is("throttleReadIOPSDevice"u8, ref seen)) readIops = t.List(ReadThrottle);
            else if (t.Is("throttleWriteIOPSDevice"u8, ref seen)) writeIops = t.List(ReadThrottle);
            else t.GiveUp();
        }

        return new()
        {
            Weight = weight,
            LeafWeight = leafWeight,
            WeightDevice = weightDevice,
            ThrottleReadBpsDevice = readBps,
            ThrottleWriteBpsDevice = writeBps,
            ThrottleReadIopsDevice = readIops,
            ThrottleWriteIopsDevice = writeIops,
        };
    }

    private static BlockIoWeight ReadWeight(ref FastTokens t)
    {
        long? major = null, minor = null;
        ushort? weight = null, leafWeight = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("major"u8, ref seen)) major = t.Int64();
            else if (t.Is("minor"u8, ref seen)) minor = t.Int64();
            else if (t.Is("weight"u8, ref seen)) weight = t.UInt16();
            else if (t.Is("leafWeight"u8, ref seen)) leafWeight = t.UInt16();
            else t.GiveUp();
        }

        return new(t.Need(major), t.Need(minor), weight, leafWeight);
    }

    private static BlockIoThrottle ReadThrottle(ref FastTokens t)
    {
        long? major = null, minor = null;
        ulong rate = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("major"u8, ref seen)) major = t.Int64();
            else if (t.Is("minor"u8, ref seen)) minor = t.Int64();
            else if (t.Is("rate"u8, ref seen)) rate = t.UInt64();
            else t.GiveUp();
        }

        return new(t.Need(major), t.Need(minor), rate);
    }
}
