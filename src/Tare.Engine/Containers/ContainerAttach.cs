// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Takes part in the streams of a running container: <c>attach</c>.</summary>
internal static class ContainerAttach
{
    /// <exception cref="TareException">Conflict: it does not run, or is paused</exception>
    public static void Check(TareEngine engine, ContainerRow row)
    {
        switch (StatusReader.Read(engine, row).Kind)
        {
            case ContainerStatusKind.Running:
                return;
            case ContainerStatusKind.Paused:
                throw new TareException(
                    ErrorKind.Conflict,
                    "you cannot attach to a paused container, unpause it first",
                    $"tare unpause {row.Name}");
            default:
                throw new TareException(
                    ErrorKind.Conflict,
                    "you cannot attach to a stopped container, start it first",
                    $"tare start -a {row.Name}");
        }
    }

    /// <summary>Until it ends or the user leaves.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="streams">the user's side</param>
    public static RunResult Run(TareEngine engine, ContainerRow row, SessionStreams streams)
    {
        OutputFlags outputs = (streams.Output is null ? OutputFlags.None : OutputFlags.Stdout)
            | (streams.Error is null ? OutputFlags.None : OutputFlags.Stderr)
            | (streams.Input is null ? OutputFlags.None : OutputFlags.Input);
        return new AttachedRun(engine, row).Attach(streams, outputs);
    }
}
