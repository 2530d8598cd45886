// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>What somebody asked to run in a container that runs. Engine API v1.51 ExecConfig.</summary>
internal sealed record ExecRequest
{
    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Standard input stays open.</summary>
    public bool Interactive { get; init; }

    /// <summary>It gets a terminal of its own.</summary>
    public bool Tty { get; init; }

    /// <summary><c>NAME=value</c> sets, <c>NAME</c> alone takes away; the last one wins.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>name|uid[:group|gid]</c>; null: the container's.</summary>
    public string? User { get; init; }

    /// <summary>Absolute path inside the container; null: the container's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>With all capabilities.</summary>
    public bool Privileged { get; init; }
}
