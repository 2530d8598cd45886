// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>Weights and rates of block devices.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#block-io</remarks>
internal static class BlockIoCheck
{
    private const int MinWeight = 10;
    private const int MaxWeight = 1000;

    public static void Check(BlockIoResources? io, string at)
    {
        if (io is null)
        {
            return;
        }

        CheckWeight($"{at}.weight", io.Weight);
        CheckWeight($"{at}.leafWeight", io.LeafWeight);
        for (int i = 0; i < io.WeightDevice?.Count; i++)
        {
            CheckWeights(io.WeightDevice[i], $"{at}.weightDevice[{i}]");
        }

        CheckRates(io.ThrottleReadBpsDevice, $"{at}.throttleReadBpsDevice");
        CheckRates(io.ThrottleWriteBpsDevice, $"{at}.throttleWriteBpsDevice");
        CheckRates(io.ThrottleReadIopsDevice, $"{at}.throttleReadIOPSDevice");
        CheckRates(io.ThrottleWriteIopsDevice, $"{at}.throttleWriteIOPSDevice");
    }

    private static void CheckWeights(BlockIoWeight device, string at)
    {
        CheckNumbers(device.Major, device.Minor, at);
        CheckWeight($"{at}.weight", device.Weight);
        CheckWeight($"{at}.leafWeight", device.LeafWeight);
        if (device.Weight is null && device.LeafWeight is null)
        {
            throw SpecFault.At(at, "needs a weight or a leafWeight");
        }
    }

    private static void CheckRates(IReadOnlyList<BlockIoThrottle>? devices, string at)
    {
        for (int i = 0; i < devices?.Count; i++)
        {
            CheckNumbers(devices[i].Major, devices[i].Minor, $"{at}[{i}]");
        }
    }

    /// <summary>0 asks for nothing.</summary>
    private static void CheckWeight(string at, ushort? weight)
    {
        if (weight is > 0)
        {
            SpecFault.WantWithin(at, weight.Value, MinWeight, MaxWeight);
        }
    }

    private static void CheckNumbers(long major, long minor, string at)
    {
        SpecFault.WantWithin($"{at}.major", major, 0, DeviceNode.MaxMajor);
        SpecFault.WantWithin($"{at}.minor", minor, 0, DeviceNode.MaxMinor);
    }
}
