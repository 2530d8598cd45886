// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Engine.Containers;

namespace Tare.Cli.Requests;

/// <summary><c>-v [SOURCE:]TARGET[:OPTIONS]</c>.</summary>
internal static class VolumeText
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <exception cref="FormatException">not a volume specification</exception>
    public static MountRequest Parse(string text)
    {
        string[] parts = text.Split(':');
        (string? source, string target, string options) = parts switch
        {
            [""] => throw new FormatException("invalid empty volume spec"),
            [var only] => (null, only, ""),
            [var from, var to] => (from, to, ""),
            [var from, var to, var how] => (from, to, how),
            _ => throw new FormatException($"invalid volume specification: '{text}'"),
        };

        if (source is "")
        {
            throw new FormatException($"invalid volume specification: '{text}'");
        }

        CheckTarget(target);
        MountRequest request = source is null || !IsPath(source)
            ? new(MountKind.Volume, source is null ? null : CheckName(source), target)
            : new(MountKind.Bind, Path.GetFullPath(source), target) { CreatesSource = true };
        return WithOptions(request, options) with { BindText = source is null ? null : text };
    }

    /// <exception cref="FormatException">the target of a mount is not an absolute path below the root</exception>
    public static void CheckTarget(string target)
    {
        if (!target.StartsWith('/'))
        {
            throw new FormatException($"invalid mount path: '{target}' mount path must be absolute");
        }

        if (target.Trim('/').Length == 0)
        {
            throw new FormatException("invalid specification: destination can't be '/'");
        }
    }

    /// <exception cref="FormatException">the name of a volume has other characters than docker allows</exception>
    public static string CheckName(string name)
    {
        bool valid =
            name.Length >= 2 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);
        return valid
            ? name
            : throw new FormatException(
                $"\"{name}\" includes invalid characters for a local volume name, "
                + "only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed");
    }

    private static bool IsPath(string source) =>
        source[0] == '/' || source.Split('/')[0] is "." or "..";

    private static MountRequest WithOptions(MountRequest request, string options)
    {
        foreach (string option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            request = option switch
            {
                "ro" => request with { ReadOnly = true },
                "nocopy" => request with { NoCopy = true },
                "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" => request with { Propagation = option },

                // SELinux labels and the hints of Docker Desktop mean nothing on this host
                "rw" or "z" or "Z" or "consistent" or "cached" or "delegated" => request,
                _ => throw new FormatException($"invalid mode: {option}"),
            };
        }

        return request;
    }
}
