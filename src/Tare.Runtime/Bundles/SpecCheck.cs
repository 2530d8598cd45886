// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>Whether a config is one: every rule of the specification that can be decided without looking at the
/// host.</summary>
/// <remarks>
/// runtime-spec v1.3 config.md, config-linux.md. The chapters stand beside this file, one for each section. What this
/// version or this host cannot do is decided later, when the launch plan is compiled.
/// </remarks>
internal static class SpecCheck
{
    private const int MaxHostName = 64;

    /// <returns>what is to be warned about</returns>
    /// <exception cref="TareException">InvalidArgument: <c>path.of.member: why</c></exception>
    public static IReadOnlyList<string> Check(Spec spec)
    {
        CheckVersion(spec.OciVersion);
        if (spec.Root is not { } root)
        {
            throw SpecFault.At("root", "missing");
        }

        if (root.Path.Length == 0)
        {
            throw SpecFault.At("root.path", "want a path, is empty");
        }

        List<string> warnings = [];
        ProcessCheck.Check(spec.Process ?? throw SpecFault.At("process", "missing"), "process.", warnings);
        CheckHostName("hostname", spec.Hostname, spec);
        CheckHostName("domainname", spec.Domainname, spec);
        MountCheck.Check(spec);
        HookCheck.Check(spec.Hooks);
        foreach (string name in spec.Annotations?.Keys ?? [])
        {
            _ = name.Length > 0 ? name : throw SpecFault.At($"annotations{ConfigPath.Key(name)}", "a name must not be empty");
        }

        if (spec.Linux is { } linux)
        {
            LinuxCheck.Check(linux);
        }

        return warnings;
    }

    /// <summary>True when the container has a namespace of this kind that is not the host's.</summary>
    public static bool Has(LinuxSpec? linux, NamespaceType type) =>
        linux?.Namespaces?.Any(space => space.Type == type) ?? false;

    /// <summary>SemVer 2.0 with major 1: compatible with each other both ways.</summary>
    private static void CheckVersion(string version)
    {
        string core = version.Split('-', '+')[0];
        string[] numbers = core.Split('.');
        bool isVersion = numbers.Length == 3 && numbers.All(IsNumber) && IsTail(version[core.Length..]);
        if (!isVersion)
        {
            throw SpecFault.At("ociVersion", $"want a version such as {Spec.CurrentVersion}, is {Quoted.Text(version)}");
        }

        if (numbers[0] != "1")
        {
            throw SpecFault.At("ociVersion", $"version {version} is not supported, only 1.x.y");
        }
    }

    private static bool IsNumber(string text) =>
        text is "0" || (text is [>= '1' and <= '9', ..] && int.TryParse(text, NumberStyles.None, null, out _));

    /// <summary>Pre-release and build: dots between words of letters, digits and dashes.</summary>
    private static bool IsTail(string tail)
    {
        string[] halves = tail.Split('+');
        string release = halves[0];
        return halves.Length <= 2
            && (release.Length == 0 || AreWords(release[1..]))
            && (halves.Length == 1 || AreWords(halves[1]));
    }

    private static bool AreWords(string text) => text.Split('.').All(word =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static void CheckHostName(string path, string? name, Spec spec)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        if (!Has(spec.Linux, NamespaceType.Uts))
        {
            throw SpecFault.At(path, "needs a uts namespace in linux.namespaces");
        }

        if (Encoding.UTF8.GetByteCount(name) > MaxHostName)
        {
            throw SpecFault.At(path, $"longer than {MaxHostName} bytes");
        }
    }
}
