// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>What an argument is while a program is built; the program itself knows only numbers, pointers and slots.</summary>
internal enum ArgKind
{
    Number,
    Slot,
    Text,
    Memory,
    Strings,
    Block,
}
