// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Committing;

/// <summary>What <c>commit</c> is asked for.</summary>
/// <param name="Name">what the image is to be called, or null</param>
internal sealed record CommitRequest(Reference? Name)
{
    public string? Author { get; init; }

    /// <summary>The history's comment.</summary>
    public string? Message { get; init; }

    /// <summary>Dockerfile instructions for its config.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The container's processes stand still meanwhile.</summary>
    public bool Pauses { get; init; } = true;
}
