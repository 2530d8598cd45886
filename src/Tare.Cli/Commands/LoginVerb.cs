// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Registries;
using Tare.Images.Remote.Credentials;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare login</c>.</summary>
internal static class LoginVerb
{
    private const int MaxSecret = 64 << 10;
    private static readonly Flag<string?> Password = Flag.Text("-p, --password", "string", "Password or Personal Access Token (PAT)");
    private static readonly Flag<bool> FromInput = Flag.Switch("--password-stdin", "Take the Password or Personal Access Token (PAT) from stdin");
    private static readonly Flag<string?> User = Flag.Text("-u, --username", "string", "Username");

    public static Verb Create() => new("Authenticate to a registry", "[OPTIONS] [SERVER]", Act)
    {
        Flags = [Password, FromInput, User],
        MaxOperands = 1,
        NeedsRoot = false,
        Examples =
        [
            ("tare login registry.example", "asks for user and password; kept in docker's config.json or its credential helper"),
            ("tare login -u ci --password-stdin registry.example < token", "for scripts; without SERVER it is docker.io"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Check(session, arguments);
        string registry = RegistryKey.Parse(arguments.Operands is [var server] ? server : null);
        RegistryUser known = session.RegistryUser;
        string? user = arguments.Get(User);
        string? password = arguments.Get(FromInput) ? ReadPassword() : arguments.Get(Password);
        if (user is null && password is null && LoginAgain(session, known, registry))
        {
            return 0;
        }

        if (user is null || password is null)
        {
            using UserPrompt prompt = UserPrompt.Open(session);
            user ??= prompt.Ask("Username: ");
            password ??= prompt.AskSecret("Password: ");
        }

        Login(session, known, registry, new Credential(user, password));
        return 0;
    }

    private static void Check(Session session, ParsedArguments arguments)
    {
        if (arguments.Get(Password) is not null)
        {
            session.Error.WriteLine("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
            if (arguments.Get(FromInput))
            {
                throw new UsageException("--password and --password-stdin are mutually exclusive", 1);
            }
        }

        if (arguments.Get(FromInput) && string.IsNullOrEmpty(arguments.Get(User)))
        {
            throw new UsageException("Must provide --username with --password-stdin", 1);
        }
    }

    private static void Login(Session session, RegistryUser known, string registry, Credential given)
    {
        if (given.User.Length == 0 || given.Secret.Length == 0)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, given.User.Length == 0 ? "username is empty" : "password is empty");
        }

        string? file = RegistryLogin.LoginAsync(known, registry, given, session.Cancellation).GetAwaiter().GetResult();
        if (file is not null)
        {
            session.Error.WriteLine(
                $"\nWARNING! Your credentials are stored unencrypted in '{file}'.\n"
                + "Configure a credential helper to remove this warning: docs/config.md\n");
        }

        session.Output.WriteLine("Login Succeeded");
    }

    /// <summary>False when nothing is kept, or it does not do any more and somebody is there to be asked.</summary>
    private static bool LoginAgain(Session session, RegistryUser user, string registry)
    {
        try
        {
            if (RegistryLogin.LoginAgainAsync(user, registry, session.Cancellation).GetAwaiter().GetResult() is not { } known)
            {
                return false;
            }

            session.Output.WriteLine(
                known.User.Length > 0
                    ? $"Authenticating with existing credentials... [Username: {known.User}]"
                    : "Authenticating with existing credentials...");
            session.Output.WriteLine("Login Succeeded");
            return true;
        }
        catch (TareException e) when (e.Kind == ErrorKind.Unauthenticated)
        {
            session.Error.WriteLine($"Login did not succeed, error: {e.Message}");
            return false;
        }
    }

    /// <summary>As docker's, without the line's end.</summary>
    private static string ReadPassword()
    {
        using Fd input = Session.OpenInput();
        return System.Text.Encoding.UTF8.GetString(Tare.Linux.Files.OpenFile.ReadAll(input, MaxSecret)).TrimEnd('\n').TrimEnd('\r');
    }
}
