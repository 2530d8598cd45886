// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>Docker's default profile as this room sees it: resolved for an architecture and capabilities.</summary>
internal static class DockerProfile
{
    internal static readonly string[] DefaultCapabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
        "CAP_AUDIT_WRITE",
    ];

    internal static SeccompFilter Resolve(bool isArm, params string[] capabilities)
    {
        using Stream stream = typeof(DockerProfile).Assembly.GetManifestResourceStream("docker-default-seccomp.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        List<SeccompRule> rules = [];
        List<string> known = [];
        foreach (JsonElement rule in document.RootElement.GetProperty("syscalls").EnumerateArray())
        {
            string[] names = Strings(rule, "names");
            known.AddRange(names);
            if (IsMeant(rule, isArm ? "arm64" : "amd64", capabilities))
            {
                rules.Add(new(names, Verdict(rule), Comparisons(rule)));
            }
        }

        return new(SeccompVerdict.Fail(Errno.EPERM), Architectures(isArm), rules) { Known = known };
    }

    private static SeccompArchitecture[] Architectures(bool isArm) => isArm
        ? [SeccompArchitecture.Aarch64, SeccompArchitecture.Arm]
        : [SeccompArchitecture.X86_64, SeccompArchitecture.I386, SeccompArchitecture.X32];

    private static bool IsMeant(JsonElement rule, string architecture, string[] capabilities)
    {
        if (rule.TryGetProperty("includes", out JsonElement includes))
        {
            string[] architectures = Strings(includes, "arches");
            if ((architectures.Length > 0 && !architectures.Contains(architecture))
                || Strings(includes, "caps").Any(capability => !capabilities.Contains(capability)))
            {
                return false;
            }
        }

        return !rule.TryGetProperty("excludes", out JsonElement excludes)
            || (!Strings(excludes, "arches").Contains(architecture)
                && !Strings(excludes, "caps").Any(capabilities.Contains));
    }

    private static SeccompVerdict Verdict(JsonElement rule) => rule.GetProperty("action").GetString() switch
    {
        "SCMP_ACT_ALLOW" => SeccompVerdict.Allow,
        "SCMP_ACT_ERRNO" => SeccompVerdict.Fail(rule.GetProperty("errnoRet").GetInt32()),
        string other => throw new InvalidOperationException(other),
        null => throw new InvalidOperationException("action"),
    };

    private static SeccompComparison[] Comparisons(JsonElement rule) =>
        !rule.TryGetProperty("args", out JsonElement arguments) ? [] : [.. arguments.EnumerateArray().Select(argument =>
            new SeccompComparison(
                argument.GetProperty("index").GetInt32(),
                argument.GetProperty("op").GetString() switch
                {
                    "SCMP_CMP_LT" => SeccompOperator.Less,
                    "SCMP_CMP_EQ" => SeccompOperator.Equal,
                    "SCMP_CMP_GT" => SeccompOperator.Greater,
                    "SCMP_CMP_MASKED_EQ" => SeccompOperator.MaskedEqual,
                    string other => throw new InvalidOperationException(other),
                    null => throw new InvalidOperationException("op"),
                },
                argument.GetProperty("value").GetUInt64(),
                argument.TryGetProperty("valueTwo", out JsonElement second) ? second.GetUInt64() : 0))];

    private static string[] Strings(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement found) && found.ValueKind == JsonValueKind.Array
            ? [.. found.EnumerateArray().Select(name => name.GetString()!)]
            : [];
}
