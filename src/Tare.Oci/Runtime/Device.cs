// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A device node.</summary>
/// <param name="Type"><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c></param>
/// <param name="Path">absolute path inside the container</param>
/// <remarks>runtime-spec v1.3 config-linux.md#devices</remarks>
internal sealed record Device(string Type, string Path)
{
    /// <summary>Major number; not for a fifo.</summary>
    public long Major { get; init; }

    /// <summary>Minor number; not for a fifo.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits, or null for 0666.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner inside the container, or null for 0.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group inside the container, or null for 0.</summary>
    public uint? Gid { get; init; }
}
