// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>A file or directory of the host.</summary>
/// <param name="Source">absolute path on the host</param>
/// <param name="Destination">see <see cref="MountOption"/></param>
internal sealed record BindMount(string Source, string Destination) : MountOption(Destination)
{
    public bool ReadOnly { get; init; }

    /// <summary>Mounts below the source come along, and with <see cref="ReadOnly"/> are read-only too.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>One of private, rprivate, shared, rshared, slave, rslave.</summary>
    public string Propagation { get; init; } = "rprivate";

    /// <summary>The source has the container's ids already.</summary>
    public bool IsShownMapped { get; init; }

    /// <summary>Make the source as a directory when it does not exist: <c>-v</c> does, <c>--mount</c> does
    /// not.</summary>
    public bool CreateSource { get; init; }
}
