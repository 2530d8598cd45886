// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Images.Store;

namespace Tare.Engine.Building;

/// <summary>What a build's RUN is, as a container that lives for one process.</summary>
/// <param name="Layers">its root file system, bottom first</param>
/// <param name="Arguments">what is executed; at least one</param>
internal sealed record StepRequest(IReadOnlyList<StoredLayer> Layers, IReadOnlyList<string> Arguments)
{
    /// <summary>Entries <c>NAME=value</c>; they are written nowhere.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Where it starts; absolute.</summary>
    public string Folder { get; init; } = "/";

    /// <summary><c>name|uid[:group|gid]</c>; empty is root.</summary>
    public string User { get; init; } = "";

    public IReadOnlyList<MountRequest> Mounts { get; init; } = [];

    /// <summary><c>none</c>, <c>host</c>, the name of a network; null is the default.</summary>
    public string? Network { get; init; }

    /// <summary>It has all rights over the host.</summary>
    public bool Privileged { get; init; }

    /// <summary><c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>bytes of /dev/shm; 0 is the default</summary>
    public long ShmSize { get; init; }

    /// <summary>As <see cref="RunRequest.CgroupParent"/>.</summary>
    public string? CgroupParent { get; init; }

    public IReadOnlyList<UlimitRequest> Ulimits { get; init; } = [];
}
