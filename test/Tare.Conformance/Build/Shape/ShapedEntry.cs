// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;

namespace Tare.Conformance.Build.Shape;

/// <summary>What counts of a file in an image: all but its times.</summary>
/// <param name="Kind">a letter, as <c>ls -l</c> has it; <c>-</c> for a file</param>
/// <param name="Mode">with set-id and sticky bits</param>
/// <param name="Owner"><c>uid:gid</c></param>
/// <param name="Content">size and digest, the target of a link, the numbers of a device</param>
/// <param name="Attributes">extended ones, <c>name=hex</c>, sorted</param>
/// <param name="Inode">the same for names of the same file</param>
internal sealed record ShapedEntry(char Kind, int Mode, string Owner, string Content, string Attributes, int Inode)
{
    private const string AttributePrefix = "SCHILY.xattr.";
    private const int DigestLetters = 16;

    public static ShapedEntry Of(TarEntry entry, int inode) => new(
        KindOf(entry), (int)entry.Mode, $"{entry.Uid}:{entry.Gid}", ContentOf(entry), AttributesOf(entry), inode);

    /// <summary>The folders that a layer leads through without naming them.</summary>
    public static ShapedEntry Folder(int inode) => new('d', 0b111_101_101, "0:0", "", "", inode);

    public bool IsSameAs(ShapedEntry other) => this with { Inode = 0 } == other with { Inode = 0 };

    private static char KindOf(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.Directory => 'd',
        TarEntryType.SymbolicLink => 'l',
        TarEntryType.Fifo => 'p',
        TarEntryType.CharacterDevice => 'c',
        TarEntryType.BlockDevice => 'b',
        TarEntryType.RegularFile or TarEntryType.V7RegularFile => '-',
        _ => throw new InvalidDataException($"{entry.Name}: entry of type {entry.EntryType}"),
    };

    private static string ContentOf(TarEntry entry) => entry switch
    {
        { EntryType: TarEntryType.SymbolicLink } => "-> " + entry.LinkName,
        PosixTarEntry { EntryType: TarEntryType.CharacterDevice or TarEntryType.BlockDevice } device => $"{device.DeviceMajor},{device.DeviceMinor}",
        { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile } => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Length} {Convert.ToHexStringLower(SHA256.HashData(entry.DataStream ?? Stream.Null))[..DigestLetters]}"),
        _ => "",
    };

    private static string AttributesOf(TarEntry entry) => entry is not PaxTarEntry pax ? "" : string.Join(
        ' ',
        pax.ExtendedAttributes.Where(static pair => pair.Key.StartsWith(AttributePrefix, StringComparison.Ordinal))
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"{pair.Key[AttributePrefix.Length..]}={Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(pair.Value))}"));
}
