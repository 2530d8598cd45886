// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Mounts;

/// <summary>Whether mounts below a place spread to its peers.</summary>
/// <remarks>man mount_namespaces(7)</remarks>
internal enum Propagation : uint
{
    Unchanged = 0,
    Unbindable = 1 << 17,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
}
