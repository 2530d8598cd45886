// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>What a command does for containers that it comes by: a new keeper, or an end that is recorded.</summary>
/// <remarks>Nobody is waited for: a container that somebody is changing right now is left to them.</remarks>
internal static class Upkeep
{
    /// <summary>Finishes what processes that were killed had begun.</summary>
    public static void FinishOperations(TareEngine engine)
    {
        try
        {
            Recovery.FinishOperations(engine);
        }
        catch (Exception refused) when (refused is TareException or LinuxException)
        {
            // its file in ops stays: the next command tries again, and system check names it
        }
    }

    /// <summary>Looks after one container.</summary>
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
