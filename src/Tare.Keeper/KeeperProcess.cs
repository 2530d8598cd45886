// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>The keeper: the small process that stays with a container from its start to its end.</summary>
/// <remarks>
/// Start reading here, then <see cref="Attendance"/>. This room never touches JSON, SQLite, HTTP or the console.
/// </remarks>
internal static class KeeperProcess
{
    private const int NotStarted = 125;

    /// <summary>What <c>tare keeper</c> does; expects its starter where <see cref="Protocol"/> says.</summary>
    /// <returns>0 when the container ran, 125 when it did not</returns>
    public static int Main()
    {
        OwnProcess.Settle("tare keeper"u8);
        if (OwnProcess.TryInherit(Protocol.StartFd) is not { } starter)
        {
            return NotStarted;
        }

        if (OrderMessage.Receive(starter) is not { } received)
        {
            starter.Dispose();
            return NotStarted;
        }

        using Fd runFolder = received.RunFolder;
        using Fd storeFolder = received.StoreFolder;
        using var attendance = new Attendance(received.Order, runFolder, storeFolder, received.Given);
        return attendance.Run(starter) ? 0 : NotStarted;
    }
}
