// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>What a pushed manifest or index says about other content.</summary>
/// <param name="Children">must be in the repository: config and layers, or the manifests of an index</param>
/// <param name="Subject">the manifest that it refers to, which need not be there</param>
/// <param name="Referrer">its own descriptor as JSON, for the list of the subject's referrers</param>
internal sealed record PushedDocument(IReadOnlyList<Descriptor> Children, Digest? Subject, byte[]? Referrer)
{
    /// <summary>Reads what a manifest says; its media type decides how.</summary>
    /// <exception cref="TareException">Corrupt, ResourceExhausted, NotSupported: it is no manifest that we know</exception>
    /// <remarks>distribution-spec 1.1 #pushing-manifests-with-subject: which artifact type and annotations a list of
    /// referrers shows.</remarks>
    public static PushedDocument Parse(StoredManifest pushed)
    {
        switch (MediaType.KindOf(pushed.MediaType))
        {
            case ContentKind.Manifest:
                ImageManifest manifest = ImageManifest.Parse(pushed.Bytes.Span);
                CheckSaid(manifest.MediaType, pushed.MediaType);
                string type = string.IsNullOrEmpty(manifest.ArtifactType) ? manifest.Config.MediaType : manifest.ArtifactType;
                return new(
                    [manifest.Config, .. manifest.Layers.Where(IsOurs)],
                    manifest.Subject?.Digest,
                    Describe(pushed, manifest.Subject, type, manifest.Annotations));
            case ContentKind.Index:
                ImageIndex index = ImageIndex.Parse(pushed.Bytes.Span);
                CheckSaid(index.MediaType, pushed.MediaType);
                return new(
                    index.Manifests,
                    index.Subject?.Digest,
                    Describe(pushed, index.Subject, index.ArtifactType, index.Annotations));
            default:
                throw new TareException(
                    ErrorKind.NotSupported, $"manifest: media type {Quoted.Text(pushed.MediaType)} is not known");
        }
    }

    /// <summary>Foreign layers stay where their URLs say.</summary>
    private static bool IsOurs(Descriptor layer) =>
        !(MediaType.TryGetLayer(layer.MediaType, out LayerFormat format) && format.IsForeign);

    /// <summary>CVE-2021-41190: the same bytes must not be two things.</summary>
    private static void CheckSaid(string? inside, string outside)
    {
        if (inside is not null && inside != outside)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"manifest: says it is {Quoted.Text(inside)}, Content-Type says {Quoted.Text(outside)}");
        }
    }

    private static byte[]? Describe(
        StoredManifest pushed, Descriptor? subject, string? artifactType, IReadOnlyDictionary<string, string>? annotations) =>
        subject is null ? null : JsonSerializer.SerializeToUtf8Bytes(
            new Descriptor(pushed.MediaType, pushed.Digest, pushed.Bytes.Length)
            {
                ArtifactType = artifactType,
                Annotations = annotations is { Count: > 0 } ? annotations : null,
            },
            OciJson.Writer.Descriptor);
}
