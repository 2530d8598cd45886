// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>What a command does for containers that it comes by: a new keeper, or an end that is recorded.</summary>
/// <remarks>Nobody is waited for: a container that somebody is changing right now is left to them.</remarks>
internal static class Upkeep
{
    public static void Run(TareEngine engine, ContainerRow row, ContainerStatus status)
    {
        if (status.IsUnkept)
        {
            TryAdopt(engine, row);
        }
        else if (row.Started is not null && !status.IsLive)
        {
            Recovery.Finish(engine, row.Id);
        }
    }

    /// <summary>A command that only came by does not fail for it; <c>system check</c> names what stays unkept.</summary>
    private static void TryAdopt(TareEngine engine, ContainerRow row)
    {
        try
        {
            Adoption.Adopt(engine, row);
        }
        catch (TareException refused) when (refused.Kind == ErrorKind.Unavailable)
        {
        }
    }
}
