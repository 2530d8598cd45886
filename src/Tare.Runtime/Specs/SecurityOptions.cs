// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>What <c>--security-opt</c> said.</summary>
internal sealed record SecurityOptions
{
    /// <summary>Which filter of system calls.</summary>
    public SeccompChoice Seccomp { get; init; }

    /// <summary>The JSON text of the user's profile, with <see cref="SeccompChoice.Profile"/>.</summary>
    public string? SeccompProfile { get; init; }

    public bool NoNewPrivileges { get; init; }

    /// <summary>AppArmor profile, <c>unconfined</c>, or null.</summary>
    public string? AppArmor { get; init; }

    /// <summary>SELinux label parts (<c>disable</c>, <c>user:…</c>, <c>type:…</c> …), kept as data.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>No masked and no read-only paths in /proc and /sys (<c>systempaths=unconfined</c>).</summary>
    public bool UnmaskedPaths { get; init; }
}
