// SPDX-License-Identifier: Apache-2.0
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Does something to each container that was named; one that fails does not keep the others from it.</summary>
internal static class EachContainer
{
    /// <summary>Prints each name as it was given once it is done.</summary>
    /// <param name="session">where to print</param>
    /// <param name="names">names and ids</param>
    /// <param name="act">does it</param>
    /// <returns>0, or 1 when one failed</returns>
    public static int Run(Session session, IEnumerable<string> names, Action<TareEngine, ContainerRow> act)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in names)
        {
            try
            {
                act(engine, Find(engine, name));
                session.Output.WriteLine(name);
                session.Flush();
            }
            catch (TareException refused) when (refused.Kind is not (ErrorKind.PermissionDenied or ErrorKind.Cancelled))
            {
                code = Failure.Report(session, refused, null);
            }
        }

        return code;
    }

    /// <exception cref="TareException">NotFound, in docker's words</exception>
    public static ContainerRow Find(TareEngine engine, string name) => engine.Containers.Find(name)
        ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");
}
