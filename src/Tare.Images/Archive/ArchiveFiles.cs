// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>What readers of both archive formats need.</summary>
internal static class ArchiveFiles
{
    /// <summary>The whole of a small file, or null when it is not there.</summary>
    /// <exception cref="TareException">ResourceExhausted when it is larger than <paramref name="maxBytes"/></exception>
    public static byte[]? TryReadAll(this IArchiveFiles files, string name, int maxBytes)
    {
        if (files.TrySize(name) is not { } size)
        {
            return null;
        }
        if (size > maxBytes)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{name} has {size} bytes, more than {maxBytes}");
        }
        using Stream? stream = files.TryOpen(name);
        if (stream is null)
        {
            return null;
        }
        byte[] all = new byte[size];
        int read = stream.ReadAtLeast(all, all.Length, throwOnEndOfStream: false);
        return read == all.Length ? all : throw new TareException(ErrorKind.Corrupt, $"{name} is cut short");
    }
}
