// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tare.Images.Building;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>An in-toto statement about an image.</summary>
/// <remarks>github.com/in-toto/attestation, spec/v0.1.0/README.md#statement; BuildKit writes this version too.</remarks>
internal static class Statement
{
    private const string Type = "https://in-toto.io/Statement/v0.1";

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="predicateType">a URI</param>
    /// <param name="names">of the image, may be none</param>
    /// <param name="platform">of the image</param>
    /// <param name="manifest">of the image; null: there is none, only files</param>
    /// <param name="predicate">writes one value</param>
    public static Attestation Of(
        string predicateType, IReadOnlyList<Reference> names, Platform platform, Digest? manifest, Action<Utf8JsonWriter> predicate)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("_type", Type);
            writer.WriteString("predicateType", predicateType);
            writer.WriteStartArray("subject");
            foreach (string name in manifest is null ? [] : names.Count == 0 ? ["_"] : names.Select(each => Material.PackageUrl(each, platform)))
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteStartObject("digest");
                writer.WriteString("sha256", manifest!.Value.Hex);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WritePropertyName("predicate");
            predicate(writer);
            writer.WriteEndObject();
        }

        return new Attestation(predicateType, bytes.WrittenSpan.ToArray());
    }
}
