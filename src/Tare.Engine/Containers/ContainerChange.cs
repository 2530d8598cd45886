// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The right to change a container that others know too.</summary>
internal static class ContainerChange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits for it; null when the container is removed meanwhile.</summary>
    /// <exception cref="TareException">Conflict: somebody else is at it and does not come to an end</exception>
    public static Operation? Begin(TareEngine engine, ContainerRow row)
    {
        bool isThere = true;
        Operation? operation = Operation.Wait(
            engine.Folders, row.Id.Text, Patience, () => isThere = engine.Containers.Find(row.Id.Text) is not null);
        return operation is not null || !isThere
            ? operation
            : throw new TareException(
                ErrorKind.Conflict, $"container {row.Name}: it is being changed by another process, which does not come to an end");
    }

    /// <summary>As <see cref="Begin"/>; a container that is gone is an error.</summary>
    /// <returns>the operation, and the container as it is now</returns>
    public static (Operation Operation, ContainerRow Row) Take(TareEngine engine, ContainerRow row)
    {
        Operation operation = Begin(engine, row) ?? throw Gone(row);
        try
        {
            if (Settlement.Bring(engine, row.Id) is { } now)
            {
                return (operation, now);
            }

            operation.Complete();
            throw Gone(row);
        }
        catch
        {
            operation.Dispose();
            throw;
        }
    }

    /// <summary>What to say of one that another process removed between two looks.</summary>
    public static TareException Gone(ContainerRow row) =>
        new(ErrorKind.NotFound, $"no such container: {row.Name}: it was removed just now");
}
