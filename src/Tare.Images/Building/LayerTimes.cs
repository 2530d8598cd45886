// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Building;

/// <summary>Takes the moment of the build out of what a step wrote, so that equal steps give equal layers.</summary>
/// <remarks>
/// Times from before the step came with the data (a package, an archive, a lower layer) and stay; those that it made
/// itself become the build's time, of directories too.
/// </remarks>
internal sealed class LayerTimes(DateTimeOffset began, FileTime time, bool isBound)
{
    private const int MaxNames = 1 << 20;

    /// <summary>Kernel clocks of file systems are coarse.</summary>
    private const int Slack = 1;

    private readonly FileTime _began = new(began.ToUnixTimeSeconds() - Slack, 0);

    /// <param name="upper">open for reading</param>
    public void Settle(Fd upper)
    {
        foreach (byte[] name in upper.SortedNames(MaxNames))
        {
            FileStatus status = upper.Status(name);
            if (status.IsDirectory)
            {
                using Fd child = upper.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
                Settle(child);
            }
            else if (IsOurs(status))
            {
                upper.SetTimes(name, time, time);
            }
        }

        if (IsOurs(upper.Status()))
        {
            upper.SetTimes(time, time);
        }
    }

    /// <summary>A given time bounds all: SOURCE_DATE_EPOCH's own rule.</summary>
    private bool IsOurs(in FileStatus status) => status.ModifyTime >= _began || (isBound && status.ModifyTime > time);
}
