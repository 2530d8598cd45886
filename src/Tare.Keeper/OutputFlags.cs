// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>Which streams of a process a client takes part in.</summary>
[Flags]
internal enum OutputFlags : byte
{
    None = 0,
    Stdout = 1,
    Stderr = 2,
    Both = Stdout | Stderr,

    /// <summary>It sends input; when it goes without detaching, input that ends once ends.</summary>
    Input = 4,
}
