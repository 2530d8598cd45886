// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>The capability sets of a process, each a list of names such as <c>CAP_CHOWN</c>; null is the empty set.</summary>
/// <remarks>runtime-spec v1.3 config.md#linux-process; man capabilities(7)</remarks>
internal sealed record CapabilitySets
{
    /// <summary>What the process and its descendants can ever have.</summary>
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What is checked.</summary>
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What survives execve of a file that inherits it.</summary>
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>What the process may make effective.</summary>
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What survives execve of an ordinary file by a user that is not root.</summary>
    public IReadOnlyList<string>? Ambient { get; init; }
}
