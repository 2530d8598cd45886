// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>How seccomp profiles are read. Unknown members are left alone (docker's have comments).</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    MaxDepth = 16,
    Converters = [typeof(TextListJson)])]
[JsonSerializable(typeof(SeccompProfile))]
internal sealed partial class SeccompProfileJson : JsonSerializerContext;
