// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary>Makes an image from a file system's tar.</summary>
internal sealed class Importing(ImageStore store)
{
    /// <summary>Answers the image ID; the image is durable then.</summary>
    /// <exception cref="TareException">InvalidArgument for a change that is none; Corrupt; ResourceExhausted</exception>
    public async Task<Digest> RunAsync(ImportRequest request, CancellationToken ct)
    {
        RunConfig config = ImageChanges.Apply(request.Changes);
        if (request.Tar.IsDirectory)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"import {request.Origin}: it is a directory, want a tar");
        }
        Scratch.Sweep(store.Folder, store.Now);
        return await InputError.NamedAsync($"import {request.Origin}", () => RunAsync(request, config, ct));
    }

    private async Task<Digest> RunAsync(ImportRequest request, RunConfig config, CancellationToken ct)
    {
        using Fd tar = Spool.Open(request.Tar, store.Folder.Scratch, ct);
        using var source = new ImportSource(tar, diffId => Describe(request, config, diffId));
        using var sink = new StoreSink(store);
        OfferedImage offered = (await source.ListAsync(ct))[0] with { Names = request.Name is null ? [] : [request.Name] };
        IReadOnlyList<Image> images = await Copy.RunAsync(source, sink, offered, PlatformFilter.All, CopyLimits.Default, ct);
        return images[0].Config.Digest;
    }

    private ImageConfig Describe(ImportRequest request, RunConfig config, DiffId diffId)
    {
        Platform platform = request.Platform ?? Hardware.Host;
        string now = Timestamp.Format(store.Now);
        return new ImageConfig(platform.Architecture, platform.Os)
        {
            Variant = platform.Variant,
            Created = now,
            Config = config,
            RootFs = new RootFs { DiffIds = [diffId] },
            History = [new History { Created = now, Comment = request.Message ?? $"Imported from {request.Origin}" }],
        };
    }
}
