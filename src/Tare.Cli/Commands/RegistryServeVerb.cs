// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Cli.Arguments;
using Tare.Server.Registry;

namespace Tare.Cli.Commands;

/// <summary><c>tare registry serve</c>.</summary>
internal static class RegistryServeVerb
{
    public static Verb Create() => new("Serve images to everybody who speaks the distribution protocol", "[OPTIONS]", Act)
    {
        Flags = RegistryServeFlags.All,
        MaxOperands = 0,
        NeedsRoot = false,
        Examples =
        [
            ("tare registry serve", "for this machine: docker push 127.0.0.1:5000/app"),
            ("tare registry serve --store", "the engine's own images; a push can be run at once: tare run 127.0.0.1:5000/app"),
            ("tare registry serve --proxy https://registry-1.docker.io", "a cache of Docker's registry"),
            ("tare registry serve --addr 0.0.0.0:443 --tls-cert c.pem --tls-key k.pem --htpasswd users --tokens", "for others"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RegistryOptions options = RegistryServeFlags.Read(session, arguments);
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
        session.Output.WriteLine($"serving {Subject(session, options)} at {scheme}://{server.Address}");
        session.Flush();
        await server.CollectAsync(options.CollectEvery, session.Time, stop);
    }

    private static string Subject(Session session, RegistryOptions options) =>
        options.Store is not null ? $"the images of {session.Root}"
        : options.Bucket is { } bucket ? $"s3://{bucket.Bucket}/{bucket.Prefix}"
        : options.Storage;

    private static void WarnOfOpenDoors(Session session, RegistryOptions options)
    {
        if (IPAddress.IsLoopback(options.Address.Address))
        {
            return;
        }

        bool asksWho = options.Passwords is not null || options.Tokens is not null;
        if (!asksWho && options.Rights is null)
        {
            session.Error.WriteLine($"WARNING: everybody who reaches {options.Address} can push and delete (no --htpasswd)");
        }
        else if (options.Certificate is null)
        {
            session.Error.WriteLine($"WARNING: passwords cross the network to {options.Address} in clear text (no --tls-cert)");
        }
    }
}
