// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>How a layer says that something below it is gone: by names in the archive, by overlayfs's marks on disk.</summary>
/// <remarks>image-spec layer.md#whiteouts; Linux Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories".</remarks>
internal static class Whiteout
{
    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    /// <summary>Names of AUFS for itself; all but the opaque mark mean nothing in an image.</summary>
    public static ReadOnlySpan<byte> MetaPrefix => ".wh..wh."u8;

    /// <summary>Hides everything below the directory that it is in.</summary>
    public static ReadOnlySpan<byte> OpaqueName => ".wh..wh..opq"u8;

    public static ReadOnlySpan<byte> OpaqueXattr => "trusted.overlay.opaque"u8;

    /// <summary>A character device with the number 0:0.</summary>
    public static bool IsMark(in FileStatus status) =>
        status.Kind == FileKind.CharacterDevice && status.Device == default;

    public static void Make(Fd directory, ReadOnlySpan<byte> name, FileTime time)
    {
        directory.MakeNode(name, FileKind.CharacterDevice, 0);
        directory.SetTimes(name, time, time);
    }

    /// <summary>Hides everything that lower layers have below a directory (open for reading).</summary>
    /// <remarks>Marks inside it go: overlayfs would show them, now that it merges the directory with nothing.</remarks>
    public static void MakeOpaque(Fd directory)
    {
        if (!IsOpaque(directory))
        {
            directory.SetXattr(OpaqueXattr, "y"u8);
            RemoveMarks(directory);
        }
    }

    private static void RemoveMarks(Fd directory)
    {
        FileStatus before = directory.Status();
        foreach (Entry entry in directory.Entries())
        {
            FileKind kind = entry.Kind != FileKind.Unknown ? entry.Kind : directory.Status(entry.Name).Kind;
            if (kind == FileKind.Directory)
            {
                using Fd child = directory.Open(entry.Name, OpenFlags.ReadOnly | OpenFlags.Directory);
                RemoveMarks(child);
            }
            else if (kind == FileKind.CharacterDevice && IsMark(directory.Status(entry.Name)))
            {
                directory.Unlink(entry.Name);
            }
        }

        directory.SetTimes(before.AccessTime, before.ModifyTime);
    }

    public static bool IsOpaque(Fd directory) =>
        directory.GetXattr(OpaqueXattr) is { } value && value.AsSpan().SequenceEqual("y"u8);

    /// <summary>True for attributes by which overlayfs steers itself; an image that brings them is an attack.</summary>
    public static bool IsOverlayXattr(ReadOnlySpan<byte> name) =>
        name.StartsWith("trusted.overlay."u8) || name.StartsWith("user.overlay."u8);

    /// <summary>The name that a whiteout hides.</summary>
    /// <param name="name">starts with <see cref="Prefix"/></param>
    public static ReadOnlySpan<byte> Hidden(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> hidden = name[Prefix.Length..];
        return FileName.IsValid(hidden) ? hidden : throw TarError.Corrupt($"whiteout {ByteText.Quote(name)} hides no name");
    }

    /// <summary>True when a component before the last is one of AUFS's own folders; any other reserved name there is refused.</summary>
    public static bool IsBelowMeta(ReadOnlySpan<byte> parents)
    {
        foreach (Range part in parents.Split((byte)'/'))
        {
            if (parents[part].StartsWith(MetaPrefix))
            {
                return true;
            }

            if (parents[part].StartsWith(Prefix))
            {
                throw TarError.Corrupt($"name {ByteText.Quote(parents)} has a directory with a name reserved for whiteouts");
            }
        }

        return false;
    }
}
