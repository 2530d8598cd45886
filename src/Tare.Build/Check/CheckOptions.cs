// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Check;

/// <summary>The check directive: <c># check=skip=A,B;error=true;experimental=all</c>.</summary>
internal sealed record CheckOptions
{
    /// <summary>Names of rules that are left out.</summary>
    public IReadOnlySet<string> Skipped { get; init; } = new HashSet<string>();

    public bool SkipsAll { get; init; }

    /// <summary>Findings fail the build.</summary>
    public bool AreErrors { get; init; }

    /// <summary>Names of experimental rules that run.</summary>
    public IReadOnlySet<string> Experimental { get; init; } = new HashSet<string>();

    public bool RunsAllExperimental { get; init; }

    /// <summary>True when the rule runs.</summary>
    public bool Allows(Rule rule) => !SkipsAll && !Skipped.Contains(rule.Name)
        && (!rule.IsExperimental || RunsAllExperimental || Experimental.Contains(rule.Name));

    /// <summary>The build argument that stands in for the directive.</summary>
    public const string Argument = "BUILDKIT_DOCKERFILE_CHECK";

    /// <summary>The options of a file.</summary>
    /// <param name="document">the file</param>
    /// <param name="instead">the value of <see cref="Argument"/>, or null</param>
    /// <exception cref="TareException">InvalidArgument when the directive is malformed</exception>
    public static CheckOptions Of(DockerfileDocument document, string? instead = null)
    {
        CheckOptions options = new();
        foreach (string part in (instead ?? document.Directives.Check ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string key = (equals < 0 ? part : part[..equals]).Trim();
            string value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            HashSet<string> names = [.. value.Split(',', StringSplitOptions.TrimEntries)];
            options = key switch
            {
                "skip" when value == "all" => options with { SkipsAll = true },
                "skip" when equals >= 0 => options with { Skipped = names },
                "experimental" when value == "all" => options with { RunsAllExperimental = true },
                "experimental" when equals >= 0 => options with { Experimental = names },
                "error" when MountOption.TrySwitch(value, out bool truth) => options with { AreErrors = truth },
                _ when instead is not null => throw new TareException(
                    ErrorKind.InvalidArgument, $"{Argument}: unknown option {Quoted.Text(part.Trim())}"),
                _ => throw SourceError.At(
                    document.Source, document.Directives.CheckRange, $"check: unknown option {Quoted.Text(part.Trim())}",
                    "write # check=skip=RULE,RULE;error=true"),
            };
        }

        return options;
    }
}
