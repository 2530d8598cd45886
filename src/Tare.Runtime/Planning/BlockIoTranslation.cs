// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using DeviceAmount = Tare.Linux.Cgroups.BlockIoLimits.DeviceAmount;

namespace Tare.Runtime.Planning;

/// <summary>Weights and rates of block devices of a spec as those of a cgroup.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#block-io</remarks>
internal static class BlockIoTranslation
{
    private const ushort MinWeight = 10;
    private const ushort MaxWeight = 1000;

    /// <summary>Null when nothing is asked for.</summary>
    /// <exception cref="TareException">InvalidArgument for a weight or a device that is none</exception>
    public static BlockIoLimits? Limits(BlockIoResources resources)
    {
        IReadOnlyList<BlockIoWeight> devices = resources.WeightDevice ?? [];
        var limits = new BlockIoLimits
        {
            Weight = Weight(resources.Weight),
            LeafWeight = Weight(resources.LeafWeight),
            Weights = Weights(devices, device => device.Weight),
            LeafWeights = Weights(devices, device => device.LeafWeight),
            BytesRead = Rates(resources.ThrottleReadBpsDevice),
            BytesWritten = Rates(resources.ThrottleWriteBpsDevice),
            Reads = Rates(resources.ThrottleReadIopsDevice),
            Writes = Rates(resources.ThrottleWriteIopsDevice),
        };
        return IsAsked(limits) ? limits : null;
    }

    private static bool IsAsked(BlockIoLimits limits) =>
        limits is not { Weight: null, LeafWeight: null }
        || limits.Weights.Count + limits.LeafWeights.Count + limits.BytesRead.Count + limits.BytesWritten.Count
            + limits.Reads.Count + limits.Writes.Count > 0;

    private static ushort? Weight(ushort? weight) => weight switch
    {
        null or 0 => null,
        >= MinWeight and <= MaxWeight => weight,
        _ => throw Invalid($"block I/O weight {weight} is not between {MinWeight} and {MaxWeight}"),
    };

    private static IReadOnlyList<DeviceAmount> Weights(
        IReadOnlyList<BlockIoWeight> devices, Func<BlockIoWeight, ushort?> read) =>
        [.. devices.Where(device => Weight(read(device)) is not null)
            .Select(device => new DeviceAmount(Number(device.Major), Number(device.Minor), read(device)!.Value))];

    private static IReadOnlyList<DeviceAmount> Rates(IReadOnlyList<BlockIoThrottle>? rates) =>
        [.. (rates ?? []).Select(rate => new DeviceAmount(Number(rate.Major), Number(rate.Minor), rate.Rate))];

    private static uint Number(long number) => number is >= 0 and <= uint.MaxValue
        ? (uint)number
        : throw Invalid($"device number {number} is out of range");

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
