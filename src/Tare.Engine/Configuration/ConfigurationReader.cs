// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Engine.Containers;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>The keys of the configuration file, and what each of them takes.</summary>
/// <remarks>Names and forms are those of docker's daemon.json where docker has them. A table of delegates over a reader
/// of tokens: no serializer, so that a machine with a configuration starts as fast as one without.</remarks>
internal static class ConfigurationReader
{
    private const string DockerHub = "docker.io";
    private const string DockerHubAlias = "index.docker.io";
    private const int MaxPathBytes = 4095;
    private const long SmallestShm = 4L << 10;
    private const long SmallestGit = 1L << 20;
    private const long LargestShm = 1L << 50;

    /// <summary>docker's limits of memory count in these, unlike its limits of logs.</summary>
    private const long Kilo = 1024;

    private static readonly IReadOnlyList<ConfigurationKey<LogConfiguration>> LogOptions =
    [
        new(LogConfiguration.MaxSizeOption, static (ref tokens, log) => log with { MaxBytes = MaxSize(ref tokens) }),
        new(LogConfiguration.MaxFileOption, static (ref tokens, log) => log with { MaxFiles = MaxFile(ref tokens) }),
        new(LogConfiguration.CompressOption, static (ref tokens, log) => log with { Compress = Compress(ref tokens) }),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<(string Name, long? Soft, long? Hard)>> UlimitKeys =
    [
        new("Name", static (ref tokens, limit) =>
            tokens.Text() == limit.Name
                ? limit
                : throw tokens.Fail($"want {Quoted.Text(limit.Name)}, as the key says")),
        new("Soft", static (ref tokens, limit) => limit with { Soft = tokens.Number(-1, long.MaxValue) }),
        new("Hard", static (ref tokens, limit) => limit with { Hard = tokens.Number(-1, long.MaxValue) }),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<(IPNetwork? Base, int? Size)>> PoolKeys =
    [
        new("base", static (ref tokens, pool) => pool with { Base = PoolBase(ref tokens) }),
        new("size", static (ref tokens, pool) => pool with { Size = (int)tokens.Number(0, 128) }),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<GitConfiguration>> GitKeys =
    [
        new("max-size", static (ref tokens, git) => git with { MaxSize = tokens.Size(Kilo, SmallestGit, LargestShm, "1m to 1p") }),
        new("max-time", static (ref tokens, git) => git with { MaxTime = Duration(ref tokens) }),
        new("max-silence", static (ref tokens, git) => git with { MaxSilence = Duration(ref tokens) }),
    ];

    /// <summary>Every key that the file may have; docs/config.md describes the same ones, which a test holds.</summary>
    public static readonly IReadOnlyList<ConfigurationKey<EngineConfiguration>> Keys =
    [
        new("data-root", static (ref tokens, known) =>
            known with { DataRoot = Folder(ref tokens, known.ExecRoot, "exec-root") }),
        new("exec-root", static (ref tokens, known) =>
            known with { ExecRoot = Folder(ref tokens, known.DataRoot, "data-root") }),
        new("log-driver", static (ref tokens, known) =>
            known with { Log = known.Log with { Enabled = Driver(ref tokens) } }),
        new("log-opts", static (ref tokens, known) => known with { Log = tokens.Object(known.Log, LogOptions) }),
        new("default-ulimits", static (ref tokens, known) => known with { DefaultUlimits = Ulimits(ref tokens) }),
        new("default-address-pools", static (ref tokens, known) => known with { AddressPools = Pools(ref tokens) }),
        new("registry-mirrors", static (ref tokens, known) => WithMirrors(ref tokens, known, DockerHub)),
        new("mirrors", static (ref tokens, known) =>
            tokens.Map(known, static name => ReferenceGrammar.RefuseRegistry(name), WithMirrors)),
        new("insecure-registries", static (ref tokens, known) =>
            known with { InsecureRegistries = tokens.List(known.InsecureRegistries, WithInsecure) }),
        new("registry-certificates", static (ref tokens, known) =>
            tokens.Map(known, static name => ReferenceGrammar.RefuseRegistry(name), WithCertificates)),
        new("proxies", static (ref tokens, known) => known with { Proxies = tokens.Object(known.Proxies, RegistryTexts.ProxyKeys) }),
        new("ports-mode", static (ref tokens, known) => known with { PortsMode = Mode(ref tokens) }),
        new("default-shm-size", static (ref tokens, known) =>
            known with { DefaultShmSize = tokens.Size(Kilo, SmallestShm, LargestShm, "4k to 1p") }),
        new("git-limits", static (ref tokens, known) => known with { Git = tokens.Object(known.Git, GitKeys) }),
        new("cgroup-parent", static (ref tokens, known) => known with { CgroupParent = ParentCgroup(ref tokens) }),
        new("init", static (ref tokens, known) => known with { Init = tokens.Truth() }),
        new("userns-mode", static (ref tokens, known) => known with { HostUsers = IsHosts(ref tokens) }),
        new("debug", static (ref tokens, known) => known with { Debug = tokens.Truth() }),
    ];

    /// <summary>What the file says, over the defaults.</summary>
    /// <param name="bytes">the content</param>
    /// <param name="file">its name, for messages</param>
    /// <exception cref="TareException">InvalidArgument, naming line, column and key</exception>
    public static EngineConfiguration Read(ReadOnlySpan<byte> bytes, string file)
    {
        // editors of other systems put it there, and docker takes it too
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        var tokens = new ConfigurationTokens(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes, file);
        return tokens.Document(EngineConfiguration.Default, Keys) with { File = file };
    }

    private static string Folder(ref ConfigurationTokens tokens, string? other, string otherKey)
    {
        string text = tokens.Text();
        bool isPath =
            text.StartsWith('/') && !text.Any(char.IsControl) && Encoding.UTF8.GetByteCount(text) <= MaxPathBytes;
        string path = isPath ? Path.GetFullPath(text).TrimEnd('/') : "";
        return path.Length == 0 ? throw tokens.Fail("want the absolute path of a folder")
            : path == other ? throw tokens.Fail($"want another folder than that of {otherKey}")
            : path;
    }

    private static TimeSpan Duration(ref ConfigurationTokens tokens)
    {
        const long NanosecondsPerTick = 100;
        long? nanoseconds = GoDuration.Parse(tokens.Text());
        TimeSpan duration = TimeSpan.FromTicks((nanoseconds ?? 0) / NanosecondsPerTick);
        return duration >= TimeSpan.FromSeconds(1) && duration <= TimeSpan.FromDays(7)
            ? duration : throw tokens.Fail("want a duration of 1s to 168h, as 1h30m");
    }

    private static bool Driver(ref ConfigurationTokens tokens) =>
        LogConfiguration.TryReadDriver(tokens.Text(), out bool enabled) is { } reason
            ? throw tokens.Fail(reason)
            : enabled;

    private static long MaxSize(ref ConfigurationTokens tokens) =>
        LogConfiguration.TryReadMaxSize(tokens.Text(), out long bytes) is { } reason
            ? throw tokens.Fail(reason)
            : bytes;

    private static int MaxFile(ref ConfigurationTokens tokens) =>
        LogConfiguration.TryReadMaxFile(tokens.Text(), out int files) is { } reason
            ? throw tokens.Fail(reason)
            : files;

    private static bool Compress(ref ConfigurationTokens tokens) =>
        GoBoolean.Parse(tokens.Text()) ?? throw tokens.Fail("want true or false");

    private static IReadOnlyList<UlimitRequest> Ulimits(ref ConfigurationTokens tokens) =>
        tokens.Map<IReadOnlyList<UlimitRequest>>(
            [], RefuseLimit, static (ref inner, limits, name) => [.. limits, Ulimit(ref inner, name)]);

    private static string? RefuseLimit(string name) =>
        name.All(char.IsAsciiLetterLower) && Rlimit.TryParse(name, out _)
            ? null
            : $"{Quoted.Text(name)} is not a limit, want one such as \"nofile\"";

    /// <summary>As with <c>--ulimit</c>, one value alone counts for both.</summary>
    private static UlimitRequest Ulimit(ref ConfigurationTokens tokens, string name)
    {
        (_, long? saidSoft, long? saidHard) = tokens.Object((name, null, null), UlimitKeys);
        if ((saidSoft ?? saidHard) is not { } soft || (saidHard ?? saidSoft) is not { } hard)
        {
            throw tokens.Fail("want \"Soft\" and \"Hard\"");
        }

        return hard == -1 || (soft != -1 && soft <= hard)
            ? new(name, soft, hard)
            : throw tokens.Fail($"\"Soft\" {soft} is above \"Hard\" {hard}");
    }

    private static IReadOnlyList<SubnetPool> Pools(ref ConfigurationTokens tokens) =>
        tokens.List<IReadOnlyList<SubnetPool>>([], static (ref inner, pools) => [.. pools, Pool(ref inner, pools)]);

    private static SubnetPool Pool(ref ConfigurationTokens tokens, IReadOnlyList<SubnetPool> others)
    {
        (IPNetwork? saidBase, int? saidSize) = tokens.Object<(IPNetwork?, int?)>((null, null), PoolKeys);
        if (saidBase is not { } network || saidSize is not { } size)
        {
            throw tokens.Fail("want \"base\" and \"size\"");
        }

        int max = SubnetPool.MaxSize(network);
        if (size < network.PrefixLength || size > max)
        {
            throw tokens.Fail($"want a \"size\" from {network.PrefixLength} to {max} for {network}");
        }

        return others.FirstOrDefault(other => SubnetPool.Overlap(other.Base, network)) is { } overlapped
            ? throw tokens.Fail($"{network} overlaps {overlapped.Base}")
            : new(network, size);
    }

    private static IPNetwork PoolBase(ref ConfigurationTokens tokens)
    {
        string? reason = NetworkText.TryRead(tokens.Text(), out IPNetwork network) ?? SubnetPool.RefuseBase(network);
        return reason is null ? network : throw tokens.Fail(reason);
    }

    private static EngineConfiguration WithMirrors(
        ref ConfigurationTokens tokens, EngineConfiguration known, string registry)
    {
        registry = registry == DockerHubAlias ? DockerHub : registry;
        if (known.Mirrors.ContainsKey(registry))
        {
            throw tokens.Fail($"{registry} has mirrors already");
        }

        IReadOnlyList<Uri> mirrors =
            tokens.List<IReadOnlyList<Uri>>([], static (ref inner, before) => [.. before, Mirror(ref inner)]);
        var all = new Dictionary<string, IReadOnlyList<Uri>>(known.Mirrors, StringComparer.OrdinalIgnoreCase)
        {
            [registry] = mirrors,
        };
        return known with { Mirrors = all };
    }

    private static Uri Mirror(ref ConfigurationTokens tokens) =>
        MirrorText.TryRead(tokens.Text(), out Uri? mirror) is { } reason ? throw tokens.Fail(reason) : mirror!;

    private static IReadOnlyList<InsecureRegistry> WithInsecure(
        ref ConfigurationTokens tokens, IReadOnlyList<InsecureRegistry> before)
    {
        string? reason = InsecureRegistry.TryRead(tokens.Text(), out InsecureRegistry? registry);
        return reason is null ? [.. before, registry!] : throw tokens.Fail(reason);
    }

    private static EngineConfiguration WithCertificates(
        ref ConfigurationTokens tokens, EngineConfiguration known, string registry)
    {
        var all = new Dictionary<string, CertificateFiles>(known.Certificates, StringComparer.OrdinalIgnoreCase)
        {
            [registry] = RegistryTexts.Certificates(ref tokens),
        };
        return known with { Certificates = all };
    }

    private static bool IsHosts(ref ConfigurationTokens tokens) => tokens.Text() switch
    {
        UserNamespaceChoice.Private => false,
        UserNamespaceChoice.Host => true,
        _ => throw tokens.Fail("want \"private\" or \"host\""),
    };

    private static string? ParentCgroup(ref ConfigurationTokens tokens)
    {
        string text = tokens.Text();
        return text.Length == 0 ? null
            : CgroupParent.TryRead(text, out _) is { } reason ? throw tokens.Fail(reason)
            : text;
    }

    private static PortsMode Mode(ref ConfigurationTokens tokens) => tokens.Text() switch
    {
        "nat" => PortsMode.Nat,
        "firewall" => PortsMode.Firewall,
        _ => throw tokens.Fail("want \"nat\" or \"firewall\""),
    };
}
