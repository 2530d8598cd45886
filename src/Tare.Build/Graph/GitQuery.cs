// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>The options behind '?' of a <see cref="GitReference"/>.</summary>
internal static class GitQuery
{
    /// <exception cref="FormatException">one is unknown, repeated, or contradicts another</exception>
    public static GitReference Apply(GitReference reference, string query)
    {
        HashSet<string> seen = [];
        foreach (string option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=');
            string key = Uri.UnescapeDataString(equals < 0 ? option : option[..equals]);
            string value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
            if (!seen.Add(key))
            {
                throw new FormatException($"{key} is given twice");
            }

            reference = With(reference, key, value);
        }

        return seen.Contains("tag") && seen.Contains("branch") ? throw new FormatException("branch conflicts with tag")
            : reference is { Checksum: not null, Ref: null } ? reference with { Ref = reference.Checksum }
            : reference;
    }

    private static GitReference With(GitReference reference, string key, string value)
    {
        if (value.Length == 0 && key is not ("submodules" or "keep-git-dir"))
        {
            throw new FormatException($"{key} has no value");
        }

        return key switch
        {
            "ref" => reference with { Ref = Same(key, reference.Ref, value) },
            "tag" => reference with { Ref = Same(key, reference.Ref, Prefixed("refs/tags/", value)) },
            "branch" => reference with { Ref = Same(key, reference.Ref, Prefixed("refs/heads/", value)) },
            "subdir" => reference with { Folder = Same(key, reference.Folder, value) },
            "checksum" or "commit" => reference with { Checksum = value },
            "keep-git-dir" => reference with { KeepsGitDirectory = Truth(key, value) },
            "submodules" => reference with { HasSubmodules = Truth(key, value) },
            _ => throw new FormatException($"unknown option {key}"),
        };
    }

    private static string Prefixed(string prefix, string value) =>
        value.StartsWith(prefix, StringComparison.Ordinal) ? value : prefix + value;

    private static string Same(string key, string? old, string value) =>
        old is null || old == value ? value : throw new FormatException($"{key} conflicts: {old} and {value}");

    private static bool Truth(string key, string value) =>
        value.Length == 0 || (GoBoolean.Parse(value) ?? throw new FormatException($"{key} may be true or false"));
}
