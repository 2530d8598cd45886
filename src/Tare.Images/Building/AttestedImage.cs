// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>An image with what is said about it, as an index: a source of one image.</summary>
/// <remarks>
/// As BuildKit does it (docs/attestations/attestation-storage.md): beside the image the index has a manifest for the platform
/// unknown/unknown whose layers are the statements, and whose annotations name the image that they are about.
/// </remarks>
internal sealed class AttestedImage : IImageSource
{
    public const string StatementType = "application/vnd.in-toto+json";

    private const string PredicateKey = "in-toto.io/predicate-type";
    private const string ReferenceType = "vnd.docker.reference.type";
    private const string ReferenceDigest = "vnd.docker.reference.digest";

    private static readonly Platform Unknown = new("unknown", "unknown");

    private readonly BuiltImage _image;
    private readonly Dictionary<Digest, byte[]> _documents = [];

    /// <param name="image">what it is about; lent; with OCI's media types</param>
    /// <param name="platform">of the image</param>
    /// <param name="attestations">at least one</param>
    public AttestedImage(BuiltImage image, Platform platform, IReadOnlyList<Attestation> attestations)
    {
        _image = image;
        List<Descriptor> layers = [.. attestations.Select(one => Remember(one.Statement, StatementType) with
        {
            Annotations = new Dictionary<string, string> { [PredicateKey] = one.PredicateType },
        })];
        var config = new ImageConfig("unknown", "unknown")
        {
            RootFs = new RootFs { DiffIds = [.. layers.Select(static layer => new DiffId(layer.Digest))] },
        };
        var manifest = new ImageManifest(2, Remember(config.ToBytes(), MediaType.OciConfig)) { MediaType = MediaType.OciManifest, Layers = layers };
        Attestations = Remember(manifest.ToBytes(), MediaType.OciManifest);
        Index = new ImageIndex(2)
        {
            MediaType = MediaType.OciIndex,
            Manifests =
            [
                image.Root with { Platform = platform },
                Attestations with
                {
                    Platform = Unknown,
                    Annotations = new Dictionary<string, string>
                    {
                        [ReferenceDigest] = image.Root.Digest.ToString(),
                        [ReferenceType] = "attestation-manifest",
                    },
                },
            ],
        };
        Root = Remember(Index.ToBytes(), MediaType.OciIndex);
    }

    /// <summary>The index.</summary>
    public Descriptor Root { get; private set; }

    /// <summary>The manifest of the statements.</summary>
    public Descriptor Attestations { get; }

    private ImageIndex Index { get; }

    /// <summary>Gives annotations to the index and to the image's entry in it; before it is used.</summary>
    public void Annotate(IReadOnlyDictionary<string, string> index, IReadOnlyDictionary<string, string> entry)
    {
        if (index.Count + entry.Count == 0)
        {
            return;
        }

        Descriptor first = Index.Manifests[0];
        ImageIndex annotated = Index with
        {
            Annotations = index.Count > 0 ? index : null,
            Manifests = [first with { Annotations = entry.Count > 0 ? entry : null }, .. Index.Manifests.Skip(1)],
        };
        _documents.Remove(Root.Digest);
        Root = Remember(annotated.ToBytes(), MediaType.OciIndex);
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(Root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) =>
        _documents.TryGetValue(content.Digest, out byte[]? document)
            ? Task.FromResult<Stream?>(new MemoryStream(document, writable: false))
            : _image.OpenAsync(content, ct);

    public void Dispose()
    {
    }

    private Descriptor Remember(byte[] document, string mediaType)
    {
        var digest = Digest.Of(document);
        _documents[digest] = document;
        return new Descriptor(mediaType, digest, document.Length);
    }
}
