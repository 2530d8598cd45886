// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Which extended attributes of a file are a part of it, wherever it is.</summary>
internal static class FileAttributes
{
    /// <summary>In order of names.</summary>
    /// <param name="file">O_PATH is enough</param>
    /// <param name="isContext">labels that the host's security modules gave do not count</param>
    public static IEnumerable<(byte[] Name, byte[] Value)> Of(Fd file, bool isContext)
    {
        foreach (byte[] name in file.ListXattrs().OrderBy(static name => Convert.ToHexString(name), StringComparer.Ordinal))
        {
            bool counts = isContext
                ? name.AsSpan().StartsWith("user."u8) || name.AsSpan().SequenceEqual("security.capability"u8)
                : !name.AsSpan().StartsWith("trusted.overlay."u8) && !name.AsSpan().StartsWith("user.overlay."u8);
            if (counts && file.GetXattr(name) is { } value)
            {
                yield return (name, value);
            }
        }
    }
}
