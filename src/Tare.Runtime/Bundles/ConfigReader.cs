// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Oci.Runtime.Reading;

namespace Tare.Runtime.Bundles;

/// <summary>Reads the documents that describe containers: config.json, the process of an exec, the resources of an update.</summary>
/// <remarks>What is in them is checked by <see cref="SpecCheck"/>; here is decided whether they are such documents at
/// all. Every defect is told with the path of the member and its place in the text. An ordinary document never gets to
/// the serializer, whose metadata of these types takes milliseconds to build: <see cref="SpecReader"/> reads it.</remarks>
internal static class ConfigReader
{
    /// <summary>Bound on the size of a document; the largest in practice have some 100 KB.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Bound on its nesting; the specification needs 7.</summary>
    public const int MaxDepth = 64;

    /// <param name="bytes">UTF-8</param>
    /// <exception cref="TareException">InvalidArgument: malformed, ambiguous, a wrong type</exception>
    public static Spec ReadSpec(ReadOnlySpan<byte> bytes) =>
        SpecReader.TryRead(Bounded(bytes)) ?? Decide(bytes, RuntimeJson.Default.Spec);

    /// <inheritdoc cref="ReadSpec"/>
    public static Process ReadProcess(ReadOnlySpan<byte> bytes) =>
        ProcessReader.TryRead(Bounded(bytes)) ?? Decide(bytes, RuntimeJson.Default.Process);

    /// <inheritdoc cref="ReadSpec"/>
    public static Resources ReadResources(ReadOnlySpan<byte> bytes) =>
        ResourcesReader.TryRead(Bounded(bytes)) ?? Decide(bytes, RuntimeJson.Default.Resources);

    /// <summary>With the serializer, whatever the document is.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static T Decide<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        ConfigWalk.Check(Bounded(bytes), type);
        try
        {
            return JsonSerializer.Deserialize(bytes, type)!;
        }
        catch (Exception e) when (Document.IsOfReader(e))
        {
            string path = (e as JsonException)?.Path?.TrimStart('$', '.') ?? "";
            throw new TareException(ErrorKind.InvalidArgument, $"{path}: malformed", inner: e);
        }
    }

    private static ReadOnlySpan<byte> Bounded(ReadOnlySpan<byte> bytes) => bytes.Length <= MaxBytes
        ? bytes
        : throw new TareException(ErrorKind.InvalidArgument, $"{bytes.Length} bytes, more than {MaxBytes}");
}
