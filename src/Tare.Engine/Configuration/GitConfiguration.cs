// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>What one run of git may take in a build.</summary>
internal sealed record GitConfiguration
{
    /// <summary>bytes on disk, of a kept repository or of a checkout</summary>
    public long MaxSize { get; init; } = 16L << 30;

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>While nothing comes from the remote.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromMinutes(5);
}
