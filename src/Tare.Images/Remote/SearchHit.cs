// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A repository that a registry found.</summary>
/// <param name="Name">as in names of images, with the registry unless it is docker.io</param>
/// <param name="Description">its own words</param>
/// <param name="Stars">how many like it</param>
/// <param name="IsOfficial">docker.io itself keeps it</param>
/// <param name="IsAutomated">made by docker.io's builder</param>
internal sealed record SearchHit(string Name, string Description, int Stars, bool IsOfficial, bool IsAutomated)
{
    /// <summary>Hits of one answer; docker.io gives no more.</summary>
    public const int MaxHits = 100;

    private const string Hub = "docker.io";
    private const string HubIndex = "index.docker.io";

    /// <summary>Asks docker.io, or the registry that the term begins with, as docker does.</summary>
    /// <remarks>The search of docker's first registry protocol, <c>/v1/search</c>: no newer one has any.</remarks>
    /// <param name="term">words, or <c>registry/words</c></param>
    /// <param name="limit">1 to <see cref="MaxHits"/></param>
    /// <param name="options">how registries are spoken to</param>
    /// <param name="ct">stops waiting</param>
    /// <exception cref="TareException">NotSupported: the registry offers no search; Unavailable …</exception>
    public static async Task<IReadOnlyList<SearchHit>> FindAsync(string term, int limit, RegistryOptions options, CancellationToken ct)
    {
        (string registry, string words) = Split(term);
        RegistryHost host = await RegistryHost.FindAsync(registry == Hub ? HubIndex : registry, options, ct);
        using RegistryClient client = await RegistryClient.OpenAsync(host, options, ct);
        var request = new RegistryRequest(HttpMethod.Get, $"/v1/search?q={Uri.EscapeDataString(words)}&n={limit}", "")
        {
            Expects = [400, 403, 405, 501],
        };
        WholeAnswer answer = await client.GetWholeAsync(request, RegistryOptions.MaxDocumentBytes, ct) ?? throw Unsupported(registry);
        return Parse(answer.Body, registry, limit);
    }

    private static (string Registry, string Words) Split(string term)
    {
        int slash = term.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : term[..slash];
        bool isHost = (first == "localhost" || first.AsSpan().ContainsAny('.', ':')) && ReferenceGrammar.RefuseRegistry(first) is null;
        return !isHost ? (Hub, term) : (first == HubIndex ? Hub : first, term[(slash + 1)..]);
    }

    private static List<SearchHit> Parse(byte[] body, string registry, int limit)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            List<SearchHit> hits = [];
            foreach (JsonElement hit in document.RootElement.GetProperty("results").EnumerateArray())
            {
                if (hits.Count == limit)
                {
                    break;
                }
                hits.Add(new SearchHit(
                    registry == Hub ? Text(hit, "name") : $"{registry}/{Text(hit, "name")}",
                    Text(hit, "description"),
                    hit.TryGetProperty("star_count", out JsonElement stars) && stars.TryGetInt32(out int count) ? count : 0,
                    IsTrue(hit, "is_official"),
                    IsTrue(hit, "is_automated")));
            }
            return hits;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Unsupported(registry);
        }
    }

    private static string Text(JsonElement hit, string name) =>
        hit.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsTrue(JsonElement hit, string name) =>
        hit.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static TareException Unsupported(string registry) =>
        new(ErrorKind.NotSupported, $"{registry}: this registry offers no search", $"tare tags {registry}/REPOSITORY lists the tags of one that you know");
}
