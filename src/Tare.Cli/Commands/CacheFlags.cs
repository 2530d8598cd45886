// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>The flags of <c>build</c> about its cache and about trusting it.</summary>
internal static class CacheFlags
{
    private const string Shell = "shell";

    public static readonly Flag<IReadOnlyList<string>> From = Flag.List("--cache-from", "stringArray", "External cache sources (e.g., \"user/app:cache\", \"type=local,src=path/to/dir\")");
    public static readonly Flag<IReadOnlyList<string>> To = Flag.List("--cache-to", "stringArray", "Cache export destinations (e.g., \"type=inline\", \"type=registry,ref=user/app:cache,mode=max\", \"type=local,dest=path/to/dir\")");
    public static readonly Flag<bool> Explain = Flag.Switch("--explain", "Tell of each step why it ran or was cached");
    public static readonly Flag<string?> OnError = Flag.Text("--on-error", "string", "What to do when a RUN fails (\"shell\": enter its file system; \"stop\")");
    public static readonly Flag<bool> Verify = Flag.Switch("--verify", "Build twice without cache and compare");

    public static readonly Flag[] All = [From, To, Explain, OnError, Verify];

    /// <summary>A RUN that fails is to be entered.</summary>
    /// <exception cref="UsageException">no such thing to do</exception>
    public static bool EntersFailure(ParsedArguments arguments) => arguments.Get(OnError) switch
    {
        null or "stop" => false,
        Shell => true,
        { } other => throw new UsageException($"invalid --on-error {other}: want {Shell} or stop", 1),
    };

    /// <summary>All platforms that are wanted, each once; null is that of the host.</summary>
    public static IReadOnlyList<Platform?> Platforms(ParsedArguments arguments, Platform host)
    {
        Platform?[] named = [.. arguments.Get(BuildFlags.Platform)
            .SelectMany(static text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(text => Platform.Parse(text, host)).Distinct()];
        return named.Length == 0 ? [null] : named;
    }
}
