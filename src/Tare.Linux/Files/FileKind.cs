// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>What an inode is; the values are S_IFMT bits.</summary>
internal enum FileKind
{
    Unknown = 0,
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Symlink = 0xA000,
    Socket = 0xC000,
}
