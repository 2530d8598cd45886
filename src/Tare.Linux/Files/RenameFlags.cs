// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>man renameat2(2)</summary>
[Flags]
internal enum RenameFlags
{
    /// <summary>An existing target is replaced.</summary>
    None = 0,

    /// <summary>An existing target is EEXIST.</summary>
    NoReplace = 1,

    /// <summary>Both names change places.</summary>
    Exchange = 2,
}
