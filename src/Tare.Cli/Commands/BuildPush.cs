// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Pushes what a build put into the store, for outputs that ask for it.</summary>
internal sealed class BuildPush(Session session, TareEngine engine, BuildPrinter printer)
{
    /// <param name="output">may ask for it</param>
    /// <param name="names">all of them are pushed</param>
    /// <param name="id">of the step that is told of</param>
    /// <exception cref="UsageException">there is no name to push to</exception>
    public void Run(BuildOutput output, IReadOnlyList<Reference> names, string id)
    {
        if (!output.Pushes)
        {
            return;
        }

        if (names.Count == 0)
        {
            throw new UsageException("tag is needed when pushing to registry", 1);
        }

        foreach (Reference name in names)
        {
            RegistryAccess.Push(engine, static (_, _, _) => { }).RunAsync(name, session.Cancellation).GetAwaiter().GetResult();
            printer.Tell(new BuildEvent.Noted(id, $"pushing {name} done"));
        }
    }
}
