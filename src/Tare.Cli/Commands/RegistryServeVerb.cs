// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tare.Cli.Arguments;
using Tare.Server.Registry;

namespace Tare.Cli.Commands;

/// <summary><c>tare registry serve</c>.</summary>
internal static class RegistryServeVerb
{
    private const string DefaultStorage = "/var/lib/tare-registry";
    private const int MaxSeconds = 365 * 24 * 3600;

    private static readonly IPEndPoint DefaultAddress = new(IPAddress.Loopback, 5000);
    private static readonly Flag<Listen?> Address =
        Flag.Of("--addr", "ip:port", "Where to listen (default 127.0.0.1:5000)", Listen.Parse);
    private static readonly Flag<string?> Storage =
        Flag.Text("--storage", "folder", $"Where the registry keeps what is pushed (default \"{DefaultStorage}\")");
    private static readonly Flag<string?> Certificate = Flag.File("--tls-cert", "PEM file of the server's certificate and its chain");
    private static readonly Flag<string?> Key = Flag.File("--tls-key", "PEM file of its private key");
    private static readonly Flag<string?> Passwords = Flag.File("--htpasswd", "Users and their bcrypt hashes; without it everybody may do everything");
    private static readonly Flag<string?> Rights = Flag.File("--rights", "Lines of USER REPOSITORY pull,push,delete");
    private static readonly Flag<bool> AnonymousPull = Flag.Switch("--anonymous-pull", "Pulling needs no password");
    private static readonly Flag<long?> CollectEvery =
        Flag.Number("--gc-interval", "Seconds between collections of what nothing refers to; 0 for none (default 3600)", 0, MaxSeconds);
    private static readonly Flag<long?> Grace =
        Flag.Number("--gc-grace", "Seconds that a blob is kept before a manifest names it (default 7200)", 1, MaxSeconds);

    public static Verb Create() => new("Serve images to everybody who speaks the distribution protocol", "[OPTIONS]", Act)
    {
        Flags = [Address, AnonymousPull, Grace, CollectEvery, Passwords, Rights, Storage, Certificate, Key],
        MaxOperands = 0,
        NeedsRoot = false,
        Examples =
        [
            ("tare registry serve", "for this machine: docker push 127.0.0.1:5000/app"),
            ("tare registry serve --addr 0.0.0.0:443 --tls-cert c.pem --tls-key k.pem --htpasswd users", "for others"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RegistryOptions options = Options(arguments);
        WarnOfOpenDoors(session, options);
        // first of all, so that a signal during the start is not lost
        CancellationToken stop = session.Cancellation;
        ServeAsync(session, options, stop).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task ServeAsync(Session session, RegistryOptions options, CancellationToken stop)
    {
        await using RegistryServer server = await RegistryServer.StartAsync(options, session.Error, session.Time);
        string scheme = options.Certificate is null ? "http" : "https";
        session.Output.WriteLine($"serving {options.Storage} at {scheme}://{server.Address}");
        session.Flush();
        await server.CollectAsync(options.CollectEvery, session.Time, stop);
    }

    private static RegistryOptions Options(ParsedArguments arguments)
    {
        if (arguments.Get(Certificate) is null != arguments.Get(Key) is null)
        {
            throw new UsageException("--tls-cert and --tls-key go together", 1);
        }

        if (arguments.Get(Passwords) is null && arguments.Get(AnonymousPull))
        {
            throw new UsageException("--anonymous-pull means something only with --htpasswd", 1);
        }

        RegistryOptions options = new(
            arguments.Get(Address)?.Address ?? DefaultAddress, Path.GetFullPath(arguments.Get(Storage) ?? DefaultStorage))
        {
            Certificate = arguments.Get(Certificate),
            Key = arguments.Get(Key),
            Passwords = arguments.Get(Passwords),
            Rights = arguments.Get(Rights),
            AnonymousPull = arguments.Get(AnonymousPull),
        };
        return options with
        {
            CollectEvery = arguments.Get(CollectEvery) is { } every ? TimeSpan.FromSeconds(every) : options.CollectEvery,
            Grace = arguments.Get(Grace) is { } grace ? TimeSpan.FromSeconds(grace) : options.Grace,
        };
    }

    private static void WarnOfOpenDoors(Session session, RegistryOptions options)
    {
        if (IPAddress.IsLoopback(options.Address.Address))
        {
            return;
        }

        if (options.Passwords is null && options.Rights is null)
        {
            session.Error.WriteLine($"WARNING: everybody who reaches {options.Address} can push and delete (no --htpasswd)");
        }
        else if (options.Certificate is null)
        {
            session.Error.WriteLine($"WARNING: passwords cross the network to {options.Address} in clear text (no --tls-cert)");
        }
    }

    /// <summary>An address as the flag spells it.</summary>
    private readonly record struct Listen(IPEndPoint Address)
    {
        /// <exception cref="FormatException">it is none</exception>
        public static Listen Parse(string text)
        {
            string whole = text.StartsWith(':') ? "0.0.0.0" + text : text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
            int colon = whole.LastIndexOf(':');
            return colon > 0 && IPEndPoint.TryParse(whole, out IPEndPoint? address)
                && ushort.TryParse(whole.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? new(address)
                : throw new FormatException("want an address and a port, such as 127.0.0.1:5000");
        }
    }
}
