// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Server.Registry.Access.Tokens;

/// <summary>What a token says.</summary>
/// <remarks>RFC 7519; distribution docs/spec/auth/jwt.md.</remarks>
/// <param name="Issuer">who made it</param>
/// <param name="Subject">the user; empty for nobody in particular</param>
/// <param name="Audience">the services that it is for</param>
/// <param name="NotBefore">seconds since 1970</param>
/// <param name="Expires">seconds since 1970</param>
/// <param name="Access">what it gives</param>
internal sealed record TokenClaims(
    string Issuer, string Subject, IReadOnlyList<string> Audience, long NotBefore, long Expires, IReadOnlyList<AccessEntry> Access)
{
    private const int MaxEntries = 1000;

    /// <summary>In a token that is exchanged for others: what changes with the user's password.</summary>
    public string? Mark { get; init; }

    public bool ListsCatalog => Access.Any(static entry => entry.IsCatalog);

    /// <summary>The rights on a repository.</summary>
    public Right Of(string repository) => Access
        .Where(entry => entry.Type == AccessEntry.Repository && entry.Name == repository)
        .Aggregate(Right.None, static (rights, entry) => rights | entry.Rights);

    /// <summary>Null for what is not a token's content.</summary>
    public static TokenClaims? TryRead(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return new(
                Text(root, "iss") ?? "", Text(root, "sub") ?? "", Audiences(root),
                Number(root, "nbf") ?? 0, Number(root, "exp") ?? 0, Entries(root))
            {
                Mark = Text(root, "mark"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>As JSON.</summary>
    public byte[] Write(long issued, string id)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", Issuer);
            writer.WriteString("sub", Subject);
            writer.WriteString("aud", Audience[0]);
            writer.WriteNumber("iat", issued);
            writer.WriteNumber("nbf", NotBefore);
            writer.WriteNumber("exp", Expires);
            writer.WriteString("jti", id);
            if (Mark is not null)
            {
                writer.WriteString("mark", Mark);
            }

            writer.WriteStartArray("access");
            foreach (AccessEntry entry in Access)
            {
                writer.WriteStartObject();
                writer.WriteString("type", entry.Type);
                writer.WriteString("name", entry.Name);
                writer.WriteStartArray("actions");
                foreach (string action in entry.Actions)
                {
                    writer.WriteStringValue(action);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static long? Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) ? (long)value.GetDouble() : null;

    private static IReadOnlyList<string> Audiences(JsonElement from) => !from.TryGetProperty("aud", out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(static each => each.GetString() ?? "")]
        : [value.GetString() ?? ""];

    private static IReadOnlyList<AccessEntry> Entries(JsonElement from) =>
        !from.TryGetProperty("access", out JsonElement list) || list.ValueKind != JsonValueKind.Array ? []
        : [.. list.EnumerateArray().Take(MaxEntries).Select(static entry => new AccessEntry(
            Text(entry, "type") ?? "", Text(entry, "name") ?? "",
            [.. entry.GetProperty("actions").EnumerateArray().Select(static action => action.GetString() ?? "")]))];
}
