// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>Where somebody wants a file written that appears whole: by a rename, which would replace a device by a file.</summary>
internal static class OutputPath
{
    /// <summary>The absolute path.</summary>
    /// <exception cref="TareException">InvalidArgument: a device, a pipe, a socket or a folder is there</exception>
    public static string Full(string path)
    {
        string full = Path.GetFullPath(path);
        return HostPath.TryStatus(full) is { Kind: not FileKind.Regular }
            ? throw new TareException(
                ErrorKind.InvalidArgument, $"invalid output path: {Quoted.Text(path)} must be a regular file", "leave out -o, and redirect the output there")
            : full;
    }
}
