// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Engine.Containers;

/// <summary>Something that a container wants mounted.</summary>
/// <param name="Kind">what</param>
/// <param name="Source">absolute host path of a bind, name of a volume; null for an anonymous volume and for
/// tmpfs</param>
/// <param name="Target">absolute path inside the container</param>
internal sealed record MountRequest(MountKind Kind, string? Source, string Target)
{
    public bool ReadOnly { get; init; }

    /// <summary>A missing source of a bind is made as a folder (<c>-v</c>), or is an error (<c>--mount</c>).</summary>
    public bool CreatesSource { get; init; }

    /// <summary>Mounts below the source of a bind stay outside.</summary>
    public bool NonRecursive { get; init; }

    /// <summary><c>rprivate</c>, <c>rslave</c>, <c>shared</c> …; null is the default.</summary>
    public string? Propagation { get; init; }

    /// <summary>A new volume is not filled with what the image has at the target.</summary>
    public bool NoCopy { get; init; }

    /// <summary>bytes of a tmpfs; null is the kernel's default</summary>
    public long? TmpfsSize { get; init; }

    /// <summary>Permissions of a tmpfs; null is 01777.</summary>
    public uint? TmpfsMode { get; init; }

    /// <summary>Options of <c>--tmpfs</c> as typed, such as <c>noexec,uid=5</c>; size and mode stand in their own
    /// fields.</summary>
    public IReadOnlyList<string> TmpfsOptions { get; init; } = [];

    /// <summary>Of a bind: shown instead of what the host has at the source. Of builds alone.</summary>
    [JsonIgnore]
    public StageView? View { get; init; }

    /// <summary>The text of <c>-v</c>, or null: inspect shows it under Binds.</summary>
    public string? BindText { get; init; }
}
