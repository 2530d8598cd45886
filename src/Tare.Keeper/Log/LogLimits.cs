// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Log;

/// <summary>How much of its output a container's log keeps.</summary>
/// <param name="MaxBytes">of one file; <see cref="long.MaxValue"/>: as much as there is</param>
/// <param name="MaxFiles">the file that is written and those that were rotated; at least 1</param>
internal readonly record struct LogLimits(long MaxBytes, int MaxFiles)
{
    /// <summary>What a container gets that asks for nothing: 100 MB in all.</summary>
    public static LogLimits Default => new(20_000_000, 5);
}
