// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Programs that run around a container's life, each list in order.</summary>
/// <remarks>runtime-spec v1.3 config.md#posix-platform-hooks</remarks>
internal sealed record Hooks
{
    /// <summary>Deprecated: as <see cref="CreateRuntime"/>, before those.</summary>
    public IReadOnlyList<Hook>? Prestart { get; init; }

    /// <summary>On the host, after the namespaces exist and before pivot_root.</summary>
    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    /// <summary>In the container's namespaces, before pivot_root.</summary>
    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    /// <summary>In the container, right before the process is executed.</summary>
    public IReadOnlyList<Hook>? StartContainer { get; init; }

    /// <summary>On the host, after the process was started.</summary>
    public IReadOnlyList<Hook>? Poststart { get; init; }

    /// <summary>On the host, after the container was deleted.</summary>
    public IReadOnlyList<Hook>? Poststop { get; init; }
}
