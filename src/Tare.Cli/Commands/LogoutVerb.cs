// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Registries;
using Tare.Images.Remote.Credentials;

namespace Tare.Cli.Commands;

/// <summary><c>tare logout</c>.</summary>
internal static class LogoutVerb
{
    public static Verb Create() => new("Log out from a registry", "[SERVER]", Act)
    {
        MaxOperands = 1,
        NeedsRoot = false,
        Examples = [("tare logout registry.example", "forgets the credentials; without SERVER those of docker.io")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string registry = RegistryKey.Parse(arguments.Operands is [var server] ? server : null);
        RegistryUser known = session.RegistryUser;
        bool was = RegistryLogin.Logout(known, registry);
        session.Output.WriteLine(was
            ? $"Removing login credentials for {RegistryKey.Of(registry)}"
            : $"Not logged in to {RegistryKey.Of(registry)}");
        return 0;
    }
}
