// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Registries;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare tags</c>.</summary>
internal static class TagsVerb
{
    public static Verb Create() => new("List the tags of a repository in a registry", "REPOSITORY", Act)
    {
        MinOperands = 1,
        MaxOperands = 1,
        NeedsRoot = false,
        Completes = Candidates.Images,
        Examples = [("tare tags debian | grep slim", "one on each line, in the registry's order")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Reference repository = Reference.Parse(arguments.Operands[0]);
        IReadOnlyList<string> tags = RemoteImage
            .TagsAsync(repository, RegistryAccess.Of(session.RegistryUser), session.Cancellation).GetAwaiter().GetResult();
        foreach (string tag in tags)
        {
            session.Output.WriteLine(tag);
        }

        return 0;
    }
}
