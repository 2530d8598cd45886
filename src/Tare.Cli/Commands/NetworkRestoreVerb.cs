// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Networks;
using Tare.Keeper;
using Tare.Linux.Processes;

namespace Tare.Cli.Commands;

/// <summary><c>tare network restore</c>: what a keeper starts when it hears that somebody took rules or bridges away.</summary>
internal static class NetworkRestoreVerb
{
    public static Verb Create() => new("Make anew what this host has lost of networks in use", "", Act) { MaxOperands = 0 };

    private static int Act(Session session, ParsedArguments arguments)
    {
        OwnProcess.SetName(OwnProgram.Name);
        using TareEngine engine = session.OpenEngineAsItIs();
        NetworkRestoration.Run(engine);
        return 0;
    }
}
