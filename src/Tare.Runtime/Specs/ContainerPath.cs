// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Paths inside a container as text: what can be said about them without looking at a file system.</summary>
internal static class ContainerPath
{
    /// <summary>Bytes that the kernel takes for a path (PATH_MAX, with the ending zero).</summary>
    private const int MaxLength = 4095;

    /// <summary>The path without empty, "." and ".." parts; ".." at the root stays at the root.</summary>
    /// <remarks>Lexical, as docker does it. Links are followed later, inside the container's root only.</remarks>
    /// <param name="what">names the path in the error, such as <c>working directory</c></param>
    /// <param name="path">must be absolute</param>
    /// <exception cref="TareException">InvalidArgument when it is relative, too long or holds a zero</exception>
    public static string Clean(string what, string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"the {what} {Quoted.Text(path)} is invalid, it needs to be an absolute path");
        }
        if (path.Contains('\0', StringComparison.Ordinal) || path.Length > MaxLength)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"the {what} {Quoted.Text(path)} is not a path");
        }
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }
        return "/" + string.Join('/', parts);
    }
}
