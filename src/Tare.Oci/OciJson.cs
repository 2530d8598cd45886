// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>How the documents of image-spec are read and written; strict about what they leave out or repeat.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = MaxDepth,
    Converters = [typeof(TextListJson), typeof(TextMapJson)])]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(Descriptor))]
internal sealed partial class OciJson : JsonSerializerContext
{
    /// <summary>Nesting of a document; the specs need 6, unknown members may need more.</summary>
    public const int MaxDepth = 32;

    /// <summary>For writing: leaves '+' and other printable characters as they are, as everybody else does.</summary>
    public static OciJson Writer => field ??=
        new(new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
