// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Reads what <c>--security-opt</c> says, and the profile file that it may name.</summary>
internal static class SecurityChoice
{
    private const int MaxProfile = 4 << 20;

    /// <param name="options">each <c>name=value</c>, or the older <c>name:value</c></param>
    /// <exception cref="TareException">InvalidArgument; NotFound: the profile file</exception>
    public static SecurityOptions Parse(IReadOnlyList<string> options)
    {
        var labels = new List<string>();
        var security = new SecurityOptions();
        foreach (string option in options)
        {
            (string name, string? value) = Split(option);
            security = (name, value) switch
            {
                ("no-new-privileges", null or "true") => security with { NoNewPrivileges = true },
                ("no-new-privileges", "false") => security with { NoNewPrivileges = false },
                ("seccomp", "unconfined") => security with { Seccomp = SeccompChoice.Unconfined },
                ("seccomp", "builtin") => security with { Seccomp = SeccompChoice.Default },
                ("seccomp", { Length: > 0 }) => WithProfile(security, value),
                ("apparmor", { Length: > 0 }) => security with { AppArmor = value },
                ("systempaths", "unconfined") => security with { UnmaskedPaths = true },
                ("label", { Length: > 0 }) => security with { Labels = labels = [.. labels, value] },
                _ => throw new TareException(
                    ErrorKind.InvalidArgument,
                    $"invalid --security-opt: \"{option}\"",
                    "known: no-new-privileges, seccomp=unconfined|FILE, apparmor=PROFILE, label=…, systempaths=unconfined"),
            };
        }

        return security;
    }

    /// <summary>The same options, with the profile itself where a file was named: the file may change before the next start.</summary>
    /// <exception cref="TareException">NotFound: the profile file</exception>
    public static IReadOnlyList<string> Inline(IReadOnlyList<string> options) => [.. options.Select(option =>
        Split(option) is ("seccomp", { Length: > 0 } value) && value is not ("unconfined" or "builtin") && value[0] != '{'
            ? "seccomp=" + Encoding.UTF8.GetString(ReadProfile(value))
            : option)];

    private static SecurityOptions WithProfile(SecurityOptions security, string profile) => security with
    {
        Seccomp = SeccompChoice.Profile,
        SeccompProfile = profile[0] == '{' ? profile : Encoding.UTF8.GetString(ReadProfile(profile)),
    };

    private static byte[] ReadProfile(string path)
    {
        try
        {
            return HostPath.ReadAll(path, MaxProfile);
        }
        catch (LinuxException failure)
        {
            throw new TareException(
                ErrorKind.NotFound, $"opening seccomp profile ({path}) failed: {failure.Errno.Explain()}", null, failure);
        }
    }

    private static (string Name, string? Value) Split(string option)
    {
        int at = option.IndexOfAny(['=', ':']);
        return at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
    }
}
