// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>What is said about one image, as the manifest that stands beside it in an index.</summary>
/// <remarks>
/// As BuildKit does it (docs/attestations/attestation-storage.md): a manifest for the platform unknown/unknown whose layers are
/// the statements; annotations of its entry in the index name the image that they are about.
/// </remarks>
internal sealed class AttestationManifest
{
    public const string StatementType = "application/vnd.in-toto+json";

    private const string PredicateKey = "in-toto.io/predicate-type";
    private const string ReferenceType = "vnd.docker.reference.type";
    private const string ReferenceDigest = "vnd.docker.reference.digest";

    private static readonly Platform Unknown = new("unknown", "unknown");

    private readonly Dictionary<Digest, byte[]> _documents = [];

    /// <param name="about">the manifest of the image</param>
    /// <param name="statements">at least one</param>
    public AttestationManifest(Descriptor about, IReadOnlyList<Attestation> statements)
    {
        List<Descriptor> layers = [.. statements.Select(one => Remember(one.Statement, StatementType) with
        {
            Annotations = new Dictionary<string, string> { [PredicateKey] = one.PredicateType },
        })];
        var config = new ImageConfig("unknown", "unknown")
        {
            RootFs = new RootFs { DiffIds = [.. layers.Select(static layer => new DiffId(layer.Digest))] },
        };
        var manifest = new ImageManifest(2, Remember(config.ToBytes(), MediaType.OciConfig)) { MediaType = MediaType.OciManifest, Layers = layers };
        Entry = Remember(manifest.ToBytes(), MediaType.OciManifest) with
        {
            Platform = Unknown,
            Annotations = new Dictionary<string, string>
            {
                [ReferenceDigest] = about.Digest.ToString(),
                [ReferenceType] = "attestation-manifest",
            },
        };
    }

    /// <summary>Its entry in the index.</summary>
    public Descriptor Entry { get; }

    /// <summary>The manifest, its config and the statements, by digest.</summary>
    public IReadOnlyDictionary<Digest, byte[]> Documents => _documents;

    private Descriptor Remember(byte[] document, string mediaType)
    {
        var digest = Digest.Of(document);
        _documents[digest] = document;
        return new Descriptor(mediaType, digest, document.Length);
    }
}
