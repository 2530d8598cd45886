// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Names of unfinished files begin so; what a killed process left behind is recognised by it.</summary>
    public static ReadOnlySpan<byte> TemporaryPrefix => ".tmp-"u8;

    /// <summary>Creates or replaces a file; readers see the old bytes or the new ones.</summary>
    /// <param name="directory">open for reading when <paramref name="durable"/></param>
    /// <param name="name">one component</param>
    /// <param name="bytes">the whole content</param>
    /// <param name="durable">content and name are on stable storage on return (two fsyncs)</param>
    /// <param name="mode">permission bits, whatever the umask</param>
    public static void Write(
        Fd directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, bool durable, uint mode = 0b110_000_000)
    {
        byte[] temporary = TemporaryName();
        using (Fd file = directory.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode))
        {
            try
            {
                file.SetMode(mode);
                file.Write(bytes);
                if (durable)
                {
                    file.Sync();
                }

                directory.Rename(temporary, directory, name);
            }
            catch
            {
                directory.TryUnlink(temporary);
                throw;
            }
        }

        if (durable)
        {
            directory.Sync();
        }
    }

    /// <summary>What such a file holds; null when there is none.</summary>
    /// <param name="directory">lent</param>
    /// <param name="name">one component; a symbolic link is refused</param>
    /// <param name="maxBytes">the most that is read</param>
    public static byte[]? TryRead(Fd directory, ReadOnlySpan<byte> name, int maxBytes)
    {
        using Fd? file = directory.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        return file?.ReadAll(maxBytes);
    }

    /// <summary>A fresh name for an unfinished file or directory: the prefix and 16 hex digits.</summary>
    public static byte[] TemporaryName()
    {
        Span<byte> random = stackalloc byte[8];
        Entropy.Fill(random);
        return [.. TemporaryPrefix, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(random))];
    }
}
