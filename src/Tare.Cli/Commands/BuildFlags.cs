// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Requests;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary>The flags of <c>build</c>: names and meanings are those of docker buildx.</summary>
internal static class BuildFlags
{
    public static readonly Flag<IReadOnlyList<string>> AddHost = Flag.ListOf("--add-host", "strings", "Add a custom host-to-IP mapping (format: \"host:ip\")", ParseHost);
    /// <summary>Values of <see cref="Allow"/>.</summary>
    public const string HostNetwork = "network.host";

    /// <inheritdoc cref="HostNetwork"/>
    public const string Insecure = "security.insecure";

    public static readonly Flag<IReadOnlyList<string>> Allow = Flag.ListOf("--allow", "stringArray", "Allow extra privileged entitlement (\"network.host\", \"security.insecure\")", ParseAllowed);
    public static readonly Flag<IReadOnlyList<string>> Annotation = Flag.List("--annotation", "stringArray", "Add annotation to the image");
    public static readonly Flag<IReadOnlyList<string>> BuildArg = Flag.List("--build-arg", "stringArray", "Set build-time variables");
    public static readonly Flag<IReadOnlyList<string>> BuildContext = Flag.List("--build-context", "stringArray", "Additional build contexts (e.g., name=path)");
    public static readonly Flag<string?> Call = Flag.Text("--call", "string", "Set method for evaluating build (\"check\", \"outline\", \"targets\")");
    public static readonly Flag<string?> CgroupParent = new("--cgroup-parent", "string", "Set the parent cgroup for the \"RUN\" instructions during build", static (_, text) => ScalarTexts.CgroupParent(text), null);
    public static readonly Flag<bool> Check = Flag.Switch("--check", "Shorthand for \"--call=check\"");
    public static readonly Flag<string?> File = Flag.File("-f, --file", "Name of the Dockerfile (default: \"PATH/Dockerfile\")");
    public static readonly Flag<string?> IdFile = Flag.File("--iidfile", "Write the image ID to a file");
    public static readonly Flag<IReadOnlyList<string>> Label = Flag.List("--label", "stringArray", "Set metadata for an image");
    public static readonly Flag<bool> Load = Flag.Switch("--load", "Put the image into the store, which is done anyway");
    public static readonly Flag<string?> MetadataFile = Flag.File("--metadata-file", "Write build result metadata to a file");
    public static readonly Flag<string?> Network = Flag.Text("--network", "string", "Set the networking mode for the \"RUN\" instructions during build");
    public static readonly Flag<bool> NoCache = Flag.Switch("--no-cache", "Do not use cache when building the image");
    public static readonly Flag<IReadOnlyList<string>> NoCacheFilter = Flag.List("--no-cache-filter", "stringArray", "Do not cache specified stages");
    public static readonly Flag<IReadOnlyList<string>> Output = Flag.List("-o, --output", "stringArray", "Output destination (format: \"type=local,dest=path\")");
    public static readonly Flag<IReadOnlyList<string>> Platform = Flag.List("--platform", "stringArray", "Set target platform for build; several make an index (e.g. \"linux/amd64,linux/arm64\")");
    public static readonly Flag<string?> Progress = Flag.Text("--progress", "string", "Set type of progress output (\"auto\", \"plain\", \"tty\", \"quiet\", \"rawjson\")");
    public static readonly Flag<bool> Pull = Flag.Switch("--pull", "Always attempt to pull all referenced images");
    public static readonly Flag<bool> Push = Flag.Switch("--push", "Push the image when it is built");
    public static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress the build output and print image ID on success");
    public static readonly Flag<IReadOnlyList<string>> Secret = Flag.List("--secret", "stringArray", "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")");
    public static readonly Flag<long?> ShmSize = Flag.Of("--shm-size", "bytes", "Shared memory size for build containers", HumanSize.ParseBinary);
    public static readonly Flag<IReadOnlyList<string>> Ssh = Flag.List("--ssh", "stringArray", "SSH agent socket or keys to expose to the build (format: \"default|<id>[=<socket>|<key>[,<key>]]\")");
    public static readonly Flag<IReadOnlyList<string>> Tag = Flag.List("-t, --tag", "stringArray", "Name and optionally a tag (format: \"name:tag\")");
    public static readonly Flag<string?> Target = Flag.Text("--target", "string", "Set the target build stage to build");
    public static readonly Flag<IReadOnlyList<UlimitRequest>> Ulimit = Flag.ListOf("--ulimit", "ulimit", "Ulimit options", ScalarTexts.Ulimit);

    public static readonly Flag[] All =
    [
        AddHost, Allow, Annotation, BuildArg, BuildContext, Call, CgroupParent, Check, File, IdFile, Label, Load, MetadataFile, Network, NoCache,
        NoCacheFilter, Output, Platform, Progress, Pull, Push, Quiet, Secret, ShmSize, Ssh, Tag, Target, Ulimit, .. CacheFlags.All,
    ];

    /// <summary><c>NAME=VALUE</c> each; a name alone takes the value of the environment, and is left out when there is none.</summary>
    public static Dictionary<string, string> Pairs(IReadOnlyList<string> texts, bool fromEnvironment)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? text : text[..equals];
            string? value = equals >= 0 ? text[(equals + 1)..] : fromEnvironment ? Session.Variable(name) : "";
            if (name.Length == 0)
            {
                throw new UsageException($"invalid value: {text}", 1);
            }

            if (value is not null)
            {
                pairs[name] = value;
            }
        }

        return pairs;
    }

    private static string ParseAllowed(string text) => text is HostNetwork or Insecure
        ? text
        : throw new FormatException($"want {HostNetwork} or {Insecure}");

    private static string ParseHost(string text)
    {
        int at = text.AsSpan().IndexOfAny(':', '=');
        string address = text[(at + 1)..].Trim('[', ']');
        return at > 0 && IPAddress.TryParse(address, out _)
            ? $"{text[..at]}:{address}"
            : throw new FormatException($"invalid host {text}: want host:ip");
    }
}
