// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>What a tar entry is; the values are the type flags of the header.</summary>
/// <remarks>POSIX.1-2017 pax, "ustar Header Block"; flags that no image tool writes (volume labels, dump directories) are refused.</remarks>
internal enum TarType : byte
{
    Regular = (byte)'0',
    HardLink = (byte)'1',
    Symlink = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Directory = (byte)'5',
    Fifo = (byte)'6',
}
