// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Requests;
using Tare.Engine;

namespace Tare.Cli.Commands;

/// <summary><c>tare volume create</c>.</summary>
internal static class VolumeCreateVerb
{
    private static readonly Flag<IReadOnlyList<string>> Label =
        Flag.ListOf("--label", "list", "Set metadata for a volume", KeyValues.Label);

    public static Verb Create() => new("Create a volume", "[OPTIONS] [VOLUME]", Act)
    {
        Flags = [Label],
        MaxOperands = 1,
        Examples = [("tare volume create --label app=web data", "for tare run -v data:/data")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        string? name = arguments.Operands is [var given] ? given : null;
        session.Output.WriteLine(engine.Volumes.Create(name, KeyValues.ToMap(arguments.Get(Label))).Name);
        return 0;
    }
}
