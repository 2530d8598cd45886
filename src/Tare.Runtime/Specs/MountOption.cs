// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>One mount that the user asked for.</summary>
/// <param name="Destination">absolute path inside the container, not the root</param>
internal abstract record MountOption(string Destination);

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

    /// <summary>Make the source as a directory when it does not exist: <c>-v</c> does, <c>--mount</c> does not.</summary>
    public bool CreateSource { get; init; }
}

/// <summary>A named or anonymous volume; the engine replaces it with a bind before a spec is built.</summary>
/// <param name="Name">null for an anonymous one</param>
/// <param name="Destination">see <see cref="MountOption"/></param>
internal sealed record VolumeMount(string? Name, string Destination) : MountOption(Destination)
{
    public bool ReadOnly { get; init; }

    /// <summary>A new volume starts empty, not with what the image has at the destination.</summary>
    public bool NoCopy { get; init; }

    public string Propagation { get; init; } = "rprivate";
}

/// <summary>A file system in memory.</summary>
/// <param name="Destination">see <see cref="MountOption"/></param>
/// <param name="Options">what the user said beyond the defaults, such as <c>size=64m</c>, <c>exec</c>, <c>mode=1777</c></param>
internal sealed record TmpfsMount(string Destination, IReadOnlyList<string> Options) : MountOption(Destination);
