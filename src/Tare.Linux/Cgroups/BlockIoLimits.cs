// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>Weights and rates of block devices.</summary>
/// <remarks>kernel admin-guide/cgroup-v1/blkio-controller.rst, admin-guide/cgroup-v2.rst#io</remarks>
internal sealed record BlockIoLimits
{
    /// <summary>Relative weight in v1's units, 10 to 1000.</summary>
    internal ushort? Weight { get; init; }

    /// <summary>Weight against the cgroups below; v1 only.</summary>
    internal ushort? LeafWeight { get; init; }

    /// <summary>By device.</summary>
    internal IReadOnlyList<DeviceAmount> Weights { get; init; } = [];

    /// <summary>By device; v1 only.</summary>
    internal IReadOnlyList<DeviceAmount> LeafWeights { get; init; } = [];

    /// <summary>Bytes a second; 0 is without limit.</summary>
    internal IReadOnlyList<DeviceAmount> BytesRead { get; init; } = [];

    /// <summary>Bytes a second; 0 is without limit.</summary>
    internal IReadOnlyList<DeviceAmount> BytesWritten { get; init; } = [];

    /// <summary>Operations a second; 0 is without limit.</summary>
    internal IReadOnlyList<DeviceAmount> Reads { get; init; } = [];

    /// <summary>Operations a second; 0 is without limit.</summary>
    internal IReadOnlyList<DeviceAmount> Writes { get; init; } = [];

    /// <summary>A number for one device.</summary>
    internal readonly record struct DeviceAmount(uint Major, uint Minor, ulong Amount)
    {
        /// <summary><c>8:0</c></summary>
        internal string Device => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Major}:{Minor}");
    }
}
