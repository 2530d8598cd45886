// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Registries;
using Tare.Oci;
using Tare.Server.Registry;
using Tare.Server.Registry.Access.Tokens;
using Tare.Server.Registry.Storage.Buckets;
using Tare.Server.Registry.Storage.Store;
using Tare.Server.Registry.Storage.Upstream;

namespace Tare.Cli.Commands;

/// <summary>The flags of <c>tare registry serve</c>, and what they mean together.</summary>
internal static class RegistryServeFlags
{
    private const string DefaultStorage = "/var/lib/tare-registry";
    private const string BucketScheme = "s3://";
    private const int MaxSeconds = 365 * 24 * 3600;

    private static readonly IPEndPoint DefaultAddress = new(IPAddress.Loopback, 5000);
    private static readonly Flag<Listen?> Address =
        Flag.Of("--addr", "ip:port", "Where to listen (default 127.0.0.1:5000)", Listen.Parse);
    private static readonly Flag<string?> Storage = Flag.Text(
        "--storage", "folder|s3://bucket", $"Where the registry keeps what is pushed (default \"{DefaultStorage}\")");
    private static readonly Flag<bool> Store =
        Flag.Switch("--store", "Serve the images of this machine's engine; what is pushed can be run at once");
    private static readonly Flag<string?> Name = Flag.Text(
        "--name", "host[:port]", "What users call this server: with --store, pushed images are named after it (default: its address)");
    private static readonly Flag<string?> Endpoint =
        Flag.Text("--s3-endpoint", "url", "Where the bucket is (default: AWS, by the region)");
    private static readonly Flag<string?> Region =
        Flag.Text("--s3-region", "string", "The region of the bucket (default: AWS_REGION, or us-east-1)");
    private static readonly Flag<string?> Spool =
        Flag.File("--spool", $"With a bucket: the folder of blobs on their way (default \"{DefaultStorage}\")");
    private static readonly Flag<string?> Certificate = Flag.File("--tls-cert", "PEM file of the server's certificate and its chain");
    private static readonly Flag<string?> Key = Flag.File("--tls-key", "PEM file of its private key");
    private static readonly Flag<string?> Passwords = Flag.File("--htpasswd", "Users and their bcrypt hashes; without it everybody may do everything");
    private static readonly Flag<string?> Rights = Flag.File("--rights", "Lines of USER REPOSITORY pull,push,delete");
    private static readonly Flag<bool> AnonymousPull = Flag.Switch("--anonymous-pull", "Pulling needs no password");
    private static readonly Flag<bool> Tokens =
        Flag.Switch("--tokens", "Exchange passwords for tokens that last minutes and give only what was asked for");
    private static readonly Flag<string?> TokenSecret =
        Flag.File("--token-secret", "The secret of these tokens, so that they outlive the server (default: a new one at each start)");
    private static readonly Flag<string?> TokenKey =
        Flag.File("--token-key", "PEM file of the public keys of somebody else who makes the tokens");
    private static readonly Flag<string?> TokenIssuer = Flag.Text("--token-issuer", "string", "Who that is, as the tokens spell it");
    private static readonly Flag<string?> TokenRealm = Flag.Text("--token-realm", "url", "Where clients get tokens (default: /token of this server)");
    private static readonly Flag<string?> TokenService =
        Flag.Text("--token-service", "string", $"What tokens have to be for (default \"{TokenOptions.DefaultService}\")");
    private static readonly Flag<UpstreamText?> Proxy =
        Flag.Of("--proxy", "url", "Be a cache of another registry, for all repositories", UpstreamText.OfAll);
    private static readonly Flag<IReadOnlyList<UpstreamText>> PullThrough = Flag.ListOf(
        "--pull-through", "host[=url]", "Be a cache of another registry, for repositories that begin with HOST/", UpstreamText.OfHost);
    private static readonly Flag<long?> TagLife =
        Flag.Number("--proxy-ttl", "Seconds that a cached tag counts before its registry is asked again (default 60)", 0, MaxSeconds);
    private static readonly Flag<long?> Keep = Flag.Number(
        "--proxy-keep", "Seconds that something cached is kept which nobody asks for; 0 for ever (default 604800)", 0, MaxSeconds);
    private static readonly Flag<long?> CollectEvery =
        Flag.Number("--gc-interval", "Seconds between collections of what nothing refers to; 0 for none (default 3600)", 0, MaxSeconds);
    private static readonly Flag<long?> Grace =
        Flag.Number("--gc-grace", "Seconds that a blob is kept before a manifest names it (default 7200)", 1, MaxSeconds);

    public static IReadOnlyList<Flag> All =>
    [
        Address, AnonymousPull, Grace, CollectEvery, Passwords, Name, Proxy, Keep, TagLife, PullThrough, Rights, Endpoint, Region, Spool,
        Storage, Store, Certificate, Key, TokenIssuer, TokenKey, TokenRealm, TokenSecret, TokenService, Tokens,
    ];

    /// <exception cref="UsageException">flags that do not go together</exception>
    public static RegistryOptions Read(Session session, ParsedArguments arguments)
    {
        CheckTogether(arguments);
        string storage = arguments.Get(Storage) ?? DefaultStorage;
        RegistryOptions options = new(
            arguments.Get(Address)?.Address ?? DefaultAddress,
            IsBucket(storage) ? arguments.Get(Spool) ?? DefaultStorage : Path.GetFullPath(storage))
        {
            Certificate = arguments.Get(Certificate),
            Key = arguments.Get(Key),
            Passwords = arguments.Get(Passwords),
            Rights = arguments.Get(Rights),
            AnonymousPull = arguments.Get(AnonymousPull),
            Tokens = ReadTokens(arguments),
            Store = arguments.Get(Store) ? ReadStore(session, arguments) : null,
            Bucket = IsBucket(storage) ? ReadBucket(storage[BucketScheme.Length..], arguments) : null,
            Upstream = ReadUpstream(session, arguments),
        };
        return options with
        {
            CollectEvery = Seconds(arguments.Get(CollectEvery)) ?? options.CollectEvery,
            Grace = Seconds(arguments.Get(Grace)) ?? options.Grace,
        };
    }

    private static void CheckTogether(ParsedArguments arguments)
    {
        bool hasTokens = arguments.Get(Tokens) || arguments.Get(TokenSecret) is not null;
        bool isCache = arguments.Get(Proxy) is not null || arguments.Get(PullThrough).Count > 0;
        (bool IsWrong, string Why)[] rules =
        [
            (arguments.Get(Certificate) is null != arguments.Get(Key) is null, "--tls-cert and --tls-key go together"),
            (arguments.Get(Passwords) is null && arguments.Get(TokenKey) is null && arguments.Get(AnonymousPull),
                "--anonymous-pull means something only with --htpasswd or --token-key"),
            (hasTokens && arguments.Get(TokenKey) is not null, "--token-key is for tokens that somebody else makes: without --tokens"),
            (hasTokens && arguments.Get(Passwords) is null, "--tokens needs --htpasswd"),
            (arguments.Get(TokenKey) is not null && (arguments.Get(TokenIssuer) is null || arguments.Get(TokenRealm) is null),
                "--token-key needs --token-issuer and --token-realm"),
            (arguments.Get(Store) && arguments.Get(Storage) is not null, "--store and --storage exclude each other"),
            (arguments.Get(Store) && isCache, "--store is no cache: the engine fetches what it needs by itself"),
        ];
        foreach ((_, string why) in rules.Where(static rule => rule.IsWrong))
        {
            throw new UsageException(why, 1);
        }
    }

    private static TokenOptions? ReadTokens(ParsedArguments arguments) =>
        !arguments.Get(Tokens) && arguments.Get(TokenSecret) is null && arguments.Get(TokenKey) is null ? null : new()
        {
            Realm = arguments.Get(TokenRealm),
            Service = arguments.Get(TokenService) ?? TokenOptions.DefaultService,
            Issuer = arguments.Get(TokenIssuer),
            PublicKeys = arguments.Get(TokenKey),
            Secret = arguments.Get(TokenSecret),
        };

    /// <summary>Layers are unpacked with their owners, which only root may do.</summary>
    private static StoreOptions ReadStore(Session session, ParsedArguments arguments)
    {
        session.RequireRoot();
        return new(
            $"{session.Root}/registry",
            session.OpenImages,
            () =>
            {
                using TareEngine engine = session.OpenEngineAsItIs();
                return ImageUsers.Read(engine);
            })
        {
            Name = arguments.Get(Name),
        };
    }

    private static BucketOptions ReadBucket(string place, ParsedArguments arguments)
    {
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? place : place[..slash];
        string prefix = slash < 0 ? "" : place[(slash + 1)..].Trim('/');
        string region = arguments.Get(Region) ?? Session.Variable("AWS_REGION") ?? "us-east-1";
        string endpoint = arguments.Get(Endpoint) ?? $"https://s3.{region}.amazonaws.com";
        if (bucket.Length == 0 || !Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new UsageException("want --storage s3://BUCKET[/PREFIX] and --s3-endpoint http[s]://HOST[:PORT]", 1);
        }

        BucketCredential? credential =
            Session.Variable("AWS_ACCESS_KEY_ID") is { } key && Session.Variable("AWS_SECRET_ACCESS_KEY") is { } secret
                ? new(key, secret, Session.Variable("AWS_SESSION_TOKEN"))
                : null;
        return new(
            address, bucket, prefix.Length == 0 ? "" : prefix + "/", region, credential,
            Path.GetFullPath(arguments.Get(Spool) ?? DefaultStorage));
    }

    private static UpstreamOptions? ReadUpstream(Session session, ParsedArguments arguments)
    {
        IEnumerable<UpstreamRule> rules = arguments.Get(PullThrough).Select(static text => text.Rule);
        UpstreamRule[] all = [.. arguments.Get(Proxy) is { } proxy ? rules.Append(proxy.Rule) : rules];
        if (all.Length == 0)
        {
            return null;
        }

        UpstreamOptions options = new(all, RegistryAccess.Of(session.RegistryUser));
        return options with
        {
            TagLife = Seconds(arguments.Get(TagLife)) ?? options.TagLife,
            Keep = Seconds(arguments.Get(Keep)) ?? options.Keep,
        };
    }

    private static bool IsBucket(string storage) => storage.StartsWith(BucketScheme, StringComparison.Ordinal);

    private static TimeSpan? Seconds(long? number) => number is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Another registry as the flags spell it.</summary>
    private readonly record struct UpstreamText(UpstreamRule Rule)
    {
        /// <exception cref="FormatException">it is none</exception>
        public static UpstreamText OfAll(string text) => new(new(null, Parse(text)));

        /// <exception cref="FormatException">it is none</exception>
        public static UpstreamText OfHost(string text)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string host = equals < 0 ? text : text[..equals];
            return ReferenceGrammar.RefuseRepository(host) is null && !host.Contains('/', StringComparison.Ordinal)
                ? new(new(host, Parse(equals < 0 ? $"https://{host}" : text[(equals + 1)..])))
                : throw new FormatException("want HOST or HOST=URL, such as ghcr.io");
        }

        private static Uri Parse(string text) =>
            Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                ? address
                : throw new FormatException("want an address without a password, such as https://registry.example");
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
