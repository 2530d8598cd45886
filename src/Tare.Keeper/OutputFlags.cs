// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>Which output of the container.</summary>
[Flags]
internal enum OutputFlags : byte
{
    None = 0,
    Stdout = 1,
    Stderr = 2,
    Both = Stdout | Stderr,
}
