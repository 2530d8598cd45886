// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Help;
using Tare.Engine;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare __complete</c>: what a shell's completion script asks; never fails, at worst it offers
/// nothing.</summary>
internal static class CompleteVerb
{
    public static Verb Create() =>
        new("Answer a shell's completion", "[WORD...]", Act) { NeedsRoot = false, StopsAtOperand = true };

    private static int Act(Session session, ParsedArguments arguments)
    {
        foreach (string line in new Completer(what => Names(session, what)).Complete(arguments.Operands))
        {
            session.Output.WriteLine(line);
        }

        return 0;
    }

    private static IReadOnlyList<string> Names(Session session, Candidates what)
    {
        try
        {
            using TareEngine engine = session.OpenEngineAsItIs();
            return what switch
            {
                Candidates.Images => [.. engine.Images.List(ImageFilter.None).Select(image => image.Name?.Familiar ?? image.Id.Hex[..12])],
                Candidates.Containers => [.. engine.Containers.List().Select(container => container.Name)],
                _ => [],
            };
        }
        catch (Exception failure) when (failure is TareException or LinuxException)
        {
            return [];
        }
    }
}
