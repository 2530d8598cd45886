// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>A container as engine.db holds it; the documents stay bytes until somebody needs them.</summary>
/// <param name="Id">64 hex digits</param>
/// <param name="Name">unique among the containers of a store</param>
/// <param name="Image">the image as the user named it</param>
/// <param name="Manifest">the manifest's digest, which keeps the image from being removed</param>
/// <param name="Created">when</param>
/// <param name="AutoRemove">removed as soon as it has ended</param>
/// <param name="Record"><see cref="ContainerRecord"/> as JSON</param>
/// <param name="Outcome"><see cref="ContainerOutcome"/> of its last run as JSON; null: it has not ended yet</param>
/// <param name="Started">when somebody began to start it; null: it does not run, and its end has been recorded</param>
internal sealed record ContainerRow(
    ContainerId Id,
    string Name,
    string Image,
    string Manifest,
    DateTimeOffset Created,
    bool AutoRemove,
    byte[] Record,
    byte[]? Outcome,
    DateTimeOffset? Started);
