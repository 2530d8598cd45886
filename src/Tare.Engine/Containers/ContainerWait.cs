// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;

namespace Tare.Engine.Containers;

/// <summary>Waits for the end of a container: <c>wait</c>.</summary>
internal static class ContainerWait
{
    /// <summary>The exit code, as shells report it; at once for one that does not run.</summary>
    public static int Run(TareEngine engine, ContainerRow row)
    {
        while (true)
        {
            using KeeperSession? session = LiveContainer.TryConnect(engine, row);
            if (session is null)
            {
                // its end may have been recorded between the two looks
                ContainerRow now = engine.Containers.Find(row.Id.Text) ?? row;
                return StatusReader.Read(engine, now).ExitCode;
            }

            if (session.WaitExit() is { } exit)
            {
                return exit.Status.ShellCode;
            }
        }
    }
}
