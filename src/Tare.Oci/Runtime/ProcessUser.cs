// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Numeric identity of a process inside the container.</summary>
/// <remarks>runtime-spec v1.3 config.md#posix-platform-user</remarks>
internal sealed record ProcessUser(uint Uid = 0, uint Gid = 0)
{
    /// <summary>File mode creation mask, or null to inherit.</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}
