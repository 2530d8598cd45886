// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Images.Import;
using Tare.Oci;

namespace Tare.Engine.Committing;

/// <summary>The config of an image that is made of a container, as docker merges it: what is changed now, else how the
/// container was made, else what its image says.</summary>
internal static class CommittedConfig
{
    /// <param name="image">of the container's image</param>
    /// <param name="record">how the container was made</param>
    /// <param name="request">what is changed now</param>
    /// <param name="layer">what the container wrote; null when that is nothing</param>
    /// <param name="moment">RFC 3339</param>
    public static ImageConfig Of(ImageConfig image, ContainerRecord record, CommitRequest request, DiffId? layer, string moment)
    {
        RunConfig own = OfContainer(record.Config, image.Config);
        History step = new()
        {
            Created = moment,
            CreatedBy = string.Join(' ', record.Config.Cmd ?? []),
            Author = request.Author,
            Comment = request.Message,
            EmptyLayer = layer is null,
        };
        return image with
        {
            Created = moment,
            Author = request.Author,
            Config = Merged(ImageChanges.Apply(request.Changes, own), own),
            RootFs = layer is { } diffId ? image.RootFs with { DiffIds = [.. image.RootFs.DiffIds, diffId] } : image.RootFs,
            History = [.. image.History, step],
        };
    }

    private static RunConfig OfContainer(ConfigDocument container, RunConfig image) => image with
    {
        User = Named(container.User),
        Env = container.Env,
        Cmd = container.Cmd,
        Entrypoint = container.Entrypoint,
        WorkingDir = Named(container.WorkingDir),
        Labels = container.Labels.Count > 0 ? container.Labels : null,
        Volumes = container.Volumes is { Count: > 0 } volumes ? [.. volumes.Keys.Order(StringComparer.Ordinal)] : image.Volumes,
        ExposedPorts = container.ExposedPorts is { Count: > 0 } ports ? [.. ports.Keys.Order(StringComparer.Ordinal)] : image.ExposedPorts,
        OnBuild = container.OnBuild ?? image.OnBuild,
        StopSignal = container.StopSignal ?? image.StopSignal,
        StopTimeout = container.StopTimeout ?? image.StopTimeout,
    };

    /// <summary>A command that a change of the entrypoint took away stays away; nothing else can be taken away.</summary>
    private static RunConfig Merged(RunConfig changed, RunConfig own) =>
        changed.Entrypoint is { Count: > 0 } ? changed : changed with { Entrypoint = own.Entrypoint, Cmd = changed.Cmd ?? own.Cmd };

    private static string? Named(string text) => text.Length == 0 ? null : text;
}
