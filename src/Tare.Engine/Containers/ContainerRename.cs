// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Gives a container another name: <c>rename</c>.</summary>
internal static class ContainerRename
{
    /// <exception cref="TareException">InvalidArgument; AlreadyExists: the name is taken</exception>
    public static void Run(TareEngine engine, ContainerRow row, string name)
    {
        string bare = ContainerName.Parse(name);
        if (bare == row.Name)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "renaming a container with the same name as its current name");
        }

        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            try
            {
                engine.Containers.Rename(now.Id, bare);
                NetworkConnection.Rename(engine, now, bare);
            }
            finally
            {
                // the record is one transaction, done or nothing; names of networks follow it
                operation.Complete();
            }
        }
    }
}
