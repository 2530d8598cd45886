// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Sources;

/// <summary>What one run of git may take.</summary>
internal sealed record GitLimits
{
    /// <summary>Bytes that may stand on disk afterwards: in the kept repository, and in a checkout. A file counts at least 4 KiB.</summary>
    public long Bytes { get; init; } = 16L << 30;

    /// <summary>From its start to its end.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromHours(1);

    /// <summary>While nothing comes from the remote.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(5);
}
