// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci;

/// <summary>Reads foreign JSON documents: bounded, unambiguous, and every defect is one kind of error.</summary>
internal static class Document
{
    /// <exception cref="TareException">Corrupt when malformed or ambiguous, ResourceExhausted when too
    /// large</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, DocumentShape<T> shape)
        where T : class
    {
        if (bytes.Length > shape.MaxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{shape.Noun} has {bytes.Length} bytes, more than {shape.MaxBytes}");
        }
        try
        {
            CheckMembers(bytes, shape);
            return shape.Read(bytes) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (IsOfReader(e))
        {
            throw new TareException(
                ErrorKind.Corrupt, $"{shape.Noun} is malformed: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
    }

    /// <summary>True for what the JSON readers throw at malformed input.</summary>
    public static bool IsOfReader(Exception e) =>
        e is JsonException or InvalidOperationException or FormatException or NotSupportedException;

    /// <summary>Refuses a body that says it is something else than its descriptor said.</summary>
    /// <remarks>CVE-2021-41190: the same bytes must not be an index for one reader and a manifest for
    /// another.</remarks>
    public static void CheckNamed(string noun, string? bodyMediaType, int length, Descriptor named, ContentKind kind)
    {
        if (named.Kind != kind)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"{noun} {named.Digest}: {Quoted.Text(named.MediaType)} does not name one");
        }
        if (bodyMediaType is not null && bodyMediaType != named.MediaType)
        {
            throw new TareException(
                ErrorKind.Corrupt,
                $"{noun} {named.Digest}: says it is {Quoted.Text(bodyMediaType)}, "
                + $"its descriptor says {Quoted.Text(named.MediaType)}");
        }
        if (length != named.Size)
        {
            throw new TareException(ErrorKind.Corrupt, $"{noun} {named.Digest}: got {length} bytes, want {named.Size}");
        }
    }

    /// <summary>Refuses a list entry that is null and a descriptor outside its bounds.</summary>
    public static void CheckAll(string noun, string member, IReadOnlyList<Descriptor?> list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            Check($"{noun}: {member}[{i}]", list[i]);
        }
    }

    public static void Check(string where, Descriptor? descriptor)
    {
        if (descriptor is null)
        {
            throw new TareException(ErrorKind.Corrupt, $"{where} is null");
        }
        descriptor.Check(where);
    }

    /// <summary>One pass over the top level: required members there, foreign ones not, none spelt in another
    /// case.</summary>
    /// <remarks>Readers written in Go match members without regard to case; we must see what they see.</remarks>
    private static void CheckMembers<T>(ReadOnlySpan<byte> bytes, DocumentShape<T> shape)
        where T : class
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = OciJson.MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }
        HashSet<string> members = new(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = reader.GetString()!;
            if (!members.Add(member))
            {
                throw new JsonException($"member {Quoted.Text(member)} is there twice");
            }
            if (Array.Exists(shape.Forbidden, name => name.Equals(member, StringComparison.OrdinalIgnoreCase)))
            {
                throw new JsonException($"member {Quoted.Text(member)} does not belong in it");
            }
            if (Array.Find(shape.Required, name => name.Equals(member, StringComparison.OrdinalIgnoreCase)) is { } known
                && known != member)
            {
                throw new JsonException($"member {Quoted.Text(member)} must be spelt {known}");
            }
            reader.Skip();
        }
        if (Array.Find(shape.Required, name => !members.Contains(name)) is { } missing)
        {
            throw new JsonException($"member {missing} is missing");
        }
    }
}
