// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using static Tare.Linux.Cgroups.BlockIoLimits;

namespace Tare.Linux.Cgroups;

/// <summary>Limits of block devices: blkio of v1, io of v2.</summary>
/// <remarks>The BFQ scheduler has files of its own, and the same weights in both versions.</remarks>
internal static class BlockIoWriter
{
    internal static void Write(BlockIoLimits limits, string directory, bool isUnified)
    {
        if (isUnified)
        {
            WriteV2(limits, directory);
        }
        else
        {
            WriteV1(limits, directory);
        }
    }

    /// <summary>v1's 10 to 1000 as v2's 1 to 10000; both ends meet, as in runc and crun.</summary>
    internal static ulong ToV2(ulong weight) => weight == 0 ? 0 : 1 + ((Math.Max(weight, 10) - 10) * 9999 / 990);

    private static void WriteV1(BlockIoLimits limits, string directory)
    {
        string weight = LimitFile.Exists(directory, "blkio.weight") ? "blkio.weight" : "blkio.bfq.weight";
        LimitFile.Write(directory, weight, limits.Weight);
        LimitFile.Write(directory, "blkio.leaf_weight", limits.LeafWeight);
        WriteEach(directory, $"{weight}_device", limits.Weights);
        WriteEach(directory, "blkio.leaf_weight_device", limits.LeafWeights);
        WriteEach(directory, "blkio.throttle.read_bps_device", limits.BytesRead);
        WriteEach(directory, "blkio.throttle.write_bps_device", limits.BytesWritten);
        WriteEach(directory, "blkio.throttle.read_iops_device", limits.Reads);
        WriteEach(directory, "blkio.throttle.write_iops_device", limits.Writes);
    }

    private static void WriteV2(BlockIoLimits limits, string directory)
    {
        if (limits.LeafWeight is not null || limits.LeafWeights.Count > 0)
        {
            throw LimitFile.OnlyV1("a leaf weight");
        }

        WriteWeightsV2(limits, directory);
        WriteRates(directory, "rbps", limits.BytesRead);
        WriteRates(directory, "wbps", limits.BytesWritten);
        WriteRates(directory, "riops", limits.Reads);
        WriteRates(directory, "wiops", limits.Writes);
    }

    private static void WriteWeightsV2(BlockIoLimits limits, string directory)
    {
        const string Bfq = "io.bfq.weight";
        bool isBfq = LimitFile.Exists(directory, Bfq);
        string file = isBfq ? Bfq : "io.weight";
        LimitFile.Write(
            directory, file, LimitFile.Text(isBfq || limits.Weight is null ? limits.Weight : ToV2(limits.Weight.Value)));
        WriteEach(
            directory,
            file,
            isBfq ? limits.Weights : [.. limits.Weights.Select(weight => weight with { Amount = ToV2(weight.Amount) })]);
    }

    private static void WriteEach(string directory, string file, IReadOnlyList<DeviceAmount> amounts)
    {
        foreach (DeviceAmount amount in amounts)
        {
            LimitFile.Write(
                directory, file, string.Create(CultureInfo.InvariantCulture, $"{amount.Device} {amount.Amount}"));
        }
    }

    private static void WriteRates(string directory, string key, IReadOnlyList<DeviceAmount> rates)
    {
        foreach (DeviceAmount rate in rates)
        {
            string text = rate.Amount == 0 ? "max" : rate.Amount.ToString(CultureInfo.InvariantCulture);
            LimitFile.Write(directory, "io.max", $"{rate.Device} {key}={text}");
        }
    }
}
