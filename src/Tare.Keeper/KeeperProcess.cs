// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>The keeper: the small process that stays with a container from its start to its end.</summary>
/// <remarks>
/// Start reading here, then <see cref="Attendance"/>. This room never touches JSON, SQLite, HTTP or the console.
/// </remarks>
internal static class KeeperProcess
{
    private const int MaxGiven = LaunchProgramBuilder.MaxGiven - StandardGiven.First;
    private const int NotStarted = 125;

    /// <summary>What <c>tare keeper</c> does; expects its descriptors where <see cref="Protocol"/> says.</summary>
    /// <returns>0 when the container ran, 125 when it did not</returns>
    public static int Main()
    {
        OwnProcess.Settle("tare keeper"u8);
        Fd? orderFile = OwnProcess.TryInherit(Protocol.OrderFd);
        Fd? starter = OwnProcess.TryInherit(Protocol.StartFd);
        using Fd? runFolder = OwnProcess.TryInherit(Protocol.RunFolderFd);
        if (orderFile is null || starter is null || runFolder is null || !MemoryFile.IsSealed(orderFile))
        {
            return NotStarted;
        }

        KeeperOrder order;
        try
        {
            // the order's memory is given back at once
            using (orderFile)
            {
                order = OrderCodec.Decode(orderFile.ReadAll(OrderCodec.MaxBytes));
            }
        }
        catch (FormatException)
        {
            starter.Dispose();
            return NotStarted;
        }

        var given = new List<Fd>();
        for (int i = 0; i < MaxGiven && OwnProcess.TryInherit(Protocol.FirstGivenFd + i) is { } fd; i++)
        {
            given.Add(fd);
        }

        using var attendance = new Attendance(order, runFolder, given);
        return attendance.Run(starter) ? 0 : NotStarted;
    }
}
