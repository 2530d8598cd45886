// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Paths inside a container as a plan names them: absolute, without <c>.</c>, <c>..</c> and doubled slashes.</summary>
internal static class TargetPath
{
    /// <summary>The kernel's own bound on a path.</summary>
    public const int MaxLength = 4096;

    /// <summary>Directories of the engine's making: nothing of the image may lead away from them.</summary>
    private static readonly string[] Fixed = ["/proc", "/sys", "/dev"];

    /// <summary>The same place by its shortest name.</summary>
    /// <exception cref="TareException">InvalidArgument: not absolute, too long, or with a NUL</exception>
    public static string Clean(string path, string what)
    {
        if (path.Length is 0 or >= MaxLength || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{what} '{path}' is not an absolute path");
        }

        if (IsClean(path))
        {
            return path;
        }

        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>True when the path is this directory or below it.</summary>
    public static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');

    /// <summary>How a path inside the container is resolved.</summary>
    /// <remarks>
    /// An image whose /dev is a symbolic link would have device nodes made, one whose /proc is a link would have a
    /// false procfs trusted (CVE-2019-19921): there no link is followed at all.
    /// </remarks>
    public static ulong Resolve(string path)
    {
        foreach (string directory in Fixed)
        {
            if (IsWithin(path, directory))
            {
                return RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS;
            }
        }

        return RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    }

    /// <summary>The path relative to the container's root.</summary>
    public static string Relative(string path) => path.Length == 1 ? "." : path[1..];

    private static bool IsClean(string path)
    {
        if (path.Length == 1)
        {
            return true;
        }

        return path[^1] != '/'
            && !path.Contains("//", StringComparison.Ordinal)
            && !path.Contains("/.", StringComparison.Ordinal);
    }
}
