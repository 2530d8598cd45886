// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>What a command does for containers that it comes by: a new keeper, or an end that is recorded.</summary>
/// <remarks>Nobody is waited for: a container that somebody is changing right now is left to them.</remarks>
internal static class Upkeep
{
    public static void Run(TareEngine engine, ContainerRow row, ContainerStatus status)
    {
        if (status.IsUnkept)
        {
            Adoption.Adopt(engine, row);
        }
        else if (row.Started is not null && !status.IsLive)
        {
            Recovery.Finish(engine, row.Id);
        }
    }
}
