// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Build.Sources;
using Tare.Build.Ssh;
using Tare.Cli.Arguments;
using Tare.Images;

namespace Tare.Cli.Commands;

/// <summary>What there is to tell of a build: the command line and what the build used, without any secret.</summary>
internal static class BuildProvenance
{
    public static BuildFacts Of(
        ParsedArguments arguments, BuildRequest request, BuildSource source, BuildGraph graph, IEnumerable<Material> used, string? revision)
    {
        string place = arguments.Operands[0];
        Material? origin = source.Commit is { } commit ? Material.OfRepository(AddressOf(place), commit.Ref, commit.Id) : null;
        return new BuildFacts(request.Target, Hardware.Host, arguments.Get(BuildFlags.File) ?? "Dockerfile")
        {
            Source = origin,
            Materials = [.. used.Concat(origin is null ? [] : [origin]).Distinct().OrderBy(static one => one.Uri, StringComparer.Ordinal)],
            Locals = [.. Locals(arguments, request, place)],
            Options = Options(arguments, request),
            SecretIds = [.. arguments.Get(BuildFlags.Secret).Select(IdOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            AgentIds = [.. arguments.Get(BuildFlags.Ssh).Select(static text => LentAgent.IdOf(text)).Distinct().Order(StringComparer.Ordinal)],
            Steps = graph.Vertices,
            Revision = revision,
        };
    }

    private static string AddressOf(string place) => GitReference.TryParse(place)?.Remote ?? place;

    private static IEnumerable<string> Locals(ParsedArguments arguments, BuildRequest request, string place)
    {
        bool isLocal = !RemoteContext.IsRemote(place);
        if (isLocal)
        {
            yield return "context";
        }

        if (isLocal || arguments.Get(BuildFlags.File) == "-")
        {
            yield return "dockerfile";
        }

        foreach ((string name, string location) in request.Contexts.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (!RemoteContext.IsRemote(location))
            {
                yield return name;
            }
        }
    }

    /// <summary>By the names that BuildKit's frontend has for them. Proxies are left out: they say nothing of the image, and
    /// have passwords in them.</summary>
    private static Dictionary<string, string> Options(ParsedArguments arguments, BuildRequest request)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        foreach ((string name, string value) in request.Arguments)
        {
            if (!GlobalArguments.Proxies.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                options["build-arg:" + name] = RemoteText.WithoutPasswords(value);
            }
        }

        foreach ((string name, string value) in request.Labels)
        {
            options["label:" + name] = value;
        }

        if (request.Stage is { } stage)
        {
            options["target"] = stage;
        }

        if (arguments.Get(BuildFlags.Network) is { } network)
        {
            options["force-network-mode"] = network;
        }

        return options;
    }

    private static string? IdOf(string secret) => CsvFields.Read(secret)
        .Where(static field => field.StartsWith("id=", StringComparison.OrdinalIgnoreCase)).Select(static field => field[3..]).FirstOrDefault();
}
