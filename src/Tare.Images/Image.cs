// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>An immutable view of one image for one platform: manifest and config, each with the bytes it came as.</summary>
/// <remarks>What is stored or sent on are the bytes, never a new serialisation.</remarks>
internal sealed class Image
{
    /// <summary>Layers of one image: the kernel mounts no more (fs/overlayfs: "limit is 500").</summary>
    public const int MaxLayers = 500;

    /// <summary>Binds a manifest to its config and checks that they speak of the same layers.</summary>
    /// <exception cref="TareException">Corrupt when they do not, or when something in the manifest is no layer</exception>
    public Image(Descriptor descriptor, Blob<ImageManifest> manifest, Blob<ImageConfig> config)
    {
        Descriptor = descriptor;
        Manifest = manifest;
        Config = config;
        IReadOnlyList<Descriptor> stored = manifest.Value.Layers;
        IReadOnlyList<DiffId> diffIds = config.Value.RootFs.DiffIds;
        if (stored.Count != diffIds.Count)
        {
            throw Corrupt($"has {stored.Count} layers, its config {config.Digest} has {diffIds.Count}");
        }
        if (stored.Count > MaxLayers)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"image {descriptor.Digest}: {stored.Count} layers, more than {MaxLayers}");
        }
        IReadOnlyList<ChainId> chain = ChainId.Compute(diffIds);
        Layers = [.. stored.Select((d, i) => d.Kind == ContentKind.Layer
            ? new ImageLayer(i, d, diffIds[i], chain[i])
            : throw Corrupt($"layer {i} has the media type {Quoted.Text(d.MediaType)}, which is no layer"))];
    }

    /// <summary>Names the manifest.</summary>
    public Descriptor Descriptor { get; }

    public Blob<ImageManifest> Manifest { get; }

    /// <summary>Its digest is the image ID that users see.</summary>
    public Blob<ImageConfig> Config { get; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<ImageLayer> Layers { get; }

    private TareException Corrupt(string what) => new(ErrorKind.Corrupt, $"image manifest {Descriptor.Digest}: {what}");
}
