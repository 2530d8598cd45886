// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Reads and writes the documents of the runtime specification.</summary>
/// <remarks>
/// Unknown fields are ignored, as the specification asks of every reader; a missing required field or a value that is
/// not in a closed set throws <see cref="JsonException"/>. Written without nulls and without the BCL's escaping of <c>+</c>.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TextListJson), typeof(TextMapJson)])]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(Process))]
[JsonSerializable(typeof(Resources))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(ContainerProcessState))]
[JsonSerializable(typeof(Features))]
internal sealed partial class RuntimeJson : JsonSerializerContext
{
    /// <summary>For documents that are written: the default encoder would turn <c>+</c> and <c>&lt;</c> into escapes.</summary>
    public static RuntimeJson Writer => field ??=
        new(new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>As <see cref="Writer"/>, for people: one member a line, indented by tabs.</summary>
    public static RuntimeJson Indented => field ??=
        new(new(Writer.Options) { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n" });
}
