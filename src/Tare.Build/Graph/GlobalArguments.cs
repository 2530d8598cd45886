// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>The variables that FROM sees: predefined ones, then ARG before the first FROM.</summary>
/// <remarks>docs.docker.com/reference/dockerfile#predefined-args; a stage sees one of them only behind an ARG of its
/// name.</remarks>
internal static class GlobalArguments
{
    /// <summary>Build arguments for proxies, which every RUN gets without ARG.</summary>
    public static readonly string[] Proxies = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"];

    /// <summary>Platforms and the target's name.</summary>
    public static Variables Predefined(BuildRequest request, string targetName)
    {
        Variables variables = Variables.None;
        foreach ((string name, string value) in Platforms("BUILD", request.Host)
            .Concat(Platforms("TARGET", request.Target))
            .Append(("TARGETSTAGE", targetName.Length == 0 ? "default" : targetName)))
        {
            variables = variables.With(name, request.Arguments.GetValueOrDefault(name, value));
        }

        return variables;
    }

    /// <summary>With ARG before the first FROM; values of the request win over defaults.</summary>
    /// <param name="variables">what is predefined</param>
    /// <param name="arguments">of the request; empty to see the defaults alone</param>
    /// <param name="document">the Dockerfile</param>
    /// <param name="expand">replaces variables in a default</param>
    public static Variables WithGlobals(
        Variables variables,
        IReadOnlyDictionary<string, string> arguments,
        DockerfileDocument document,
        Func<string, SourceRange, Variables, string> expand)
    {
        foreach (ArgDefinition one in document.GlobalArgs.SelectMany(static arg => arg.Definitions))
        {
            string? value = arguments.TryGetValue(one.Name, out string? given) ? given
                : one.Default is { } text ? expand(text, one.Range, variables)
                : null;
            variables = value is null ? variables : variables.With(one.Name, value);
        }

        return variables;
    }

    private static IEnumerable<(string, string)> Platforms(string prefix, Platform platform) =>
    [
        (prefix + "PLATFORM", platform.ToString()),
        (prefix + "OS", platform.Os),
        (prefix + "OSVERSION", platform.OsVersion ?? ""),
        (prefix + "ARCH", platform.Architecture),
        (prefix + "VARIANT", platform.Variant ?? ""),
    ];
}
