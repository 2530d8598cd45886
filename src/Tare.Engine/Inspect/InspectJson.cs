// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Engine.Inspect;

/// <summary>Writes what <c>inspect</c> prints.</summary>
[JsonSerializable(typeof(ContainerDocument))]
internal sealed partial class InspectJson : JsonSerializerContext
{
    /// <summary>Indented as docker's, and letters beyond ASCII stay as they are.</summary>
    public static InspectJson Indented() => new(new JsonSerializerOptions
    {
        WriteIndented = true,
        IndentSize = 4,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
