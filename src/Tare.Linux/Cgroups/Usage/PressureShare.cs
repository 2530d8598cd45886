// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>The share of time that was spent waiting.</summary>
/// <param name="Average10">percent of the last 10 s</param>
/// <param name="Average60">percent of the last minute</param>
/// <param name="Average300">percent of the last 5 minutes</param>
/// <param name="Total">µs since the beginning</param>
internal readonly record struct PressureShare(double Average10, double Average60, double Average300, ulong Total);
