// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Dockerfile;

/// <summary>What a <c>--mount</c> of RUN mounts.</summary>
internal enum MountKind
{
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}

/// <summary>Who may use a cache at the same time.</summary>
internal enum CacheSharing
{
    Shared,
    Private,
    Locked,
}

/// <summary>One <c>--mount</c> of RUN, read and checked.</summary>
internal sealed partial record MountOption(MountKind Kind)
{
    /// <summary>Stage, named context or image; null for the build context, or nothing.</summary>
    public string? From { get; init; }

    public string Source { get; init; } = "";

    public string Target { get; init; } = "";

    public bool IsReadOnly { get; init; }

    /// <summary>Of a cache, a secret or an SSH agent.</summary>
    public string? Id { get; init; }

    public CacheSharing Sharing { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Bytes of a tmpfs; 0 is the kernel's default.</summary>
    public long Size { get; init; }

    public uint? Mode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }

    /// <summary>The variable that holds a secret, instead of or beside a file.</summary>
    public string? Variable { get; init; }
}
