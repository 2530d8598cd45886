// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Images.Archive;

/// <summary>One image in the <c>manifest.json</c> of a docker archive; paths are inside the archive.</summary>
/// <remarks>docker image spec v1.2, "Combined Image JSON + Filesystem Changeset Format".</remarks>
internal sealed record DockerManifest(string Config)
{
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<string>? Layers { get; init; }
}

/// <summary>How docker's own documents in an archive are read and written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(List<DockerManifest>))]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext
{
    /// <summary>For writing: leaves '+' as it is.</summary>
    public static DockerArchiveJson Writer =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
