// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>The tags of a repository, page by page.</summary>
/// <remarks>distribution-spec v1.1 #listing-tags; RFC 8288 for the link to the next page.</remarks>
internal static class TagList
{
    private const int PageTags = 1000;

    /// <summary>In the registry's order; null when there is no such repository.</summary>
    /// <exception cref="TareException">Corrupt; ResourceExhausted for more tags than anybody has</exception>
    public static async Task<IReadOnlyList<string>?> ReadAsync(RegistryClient client, string repository, CancellationToken ct)
    {
        List<string> tags = [];
        HashSet<string> pages = [];
        string? page = $"{repository}/tags/list?n={PageTags}";
        while (page is not null)
        {
            if (!pages.Add(page))
            {
                throw new TareException(ErrorKind.Corrupt, $"tags of {repository}: the list has no end");
            }
            var request = new RegistryRequest(HttpMethod.Get, page, $"repository:{repository}:pull");
            if (await client.GetWholeAsync(request, RegistryOptions.MaxDocumentBytes, ct) is not { } answer)
            {
                return null;
            }
            tags.AddRange(Parse(answer.Body, repository));
            if (tags.Count > RegistryOptions.MaxTags || pages.Count > RegistryOptions.MaxTags)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"tags of {repository}: more than {RegistryOptions.MaxTags}");
            }
            page = Next(client, answer.Link, page);
        }
        return [.. tags.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> Parse(byte[] body, string repository)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement list = document.RootElement.GetProperty("tags");
            return list.ValueKind == JsonValueKind.Null
                ? []
                : [.. list.EnumerateArray().Select(static t => t.GetString() ?? "").Where(static t => ReferenceGrammar.IsTag(t))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new TareException(ErrorKind.Corrupt, $"tags of {repository}: the answer is no list of tags", inner: e);
        }
    }

    /// <summary>The next page, which is at the same registry or is not asked for.</summary>
    private static string? Next(RegistryClient client, string? link, string page)
    {
        if (link is null)
        {
            return null;
        }
        int start = link.IndexOf('<', StringComparison.Ordinal);
        int end = link.IndexOf('>', StringComparison.Ordinal);
        bool isNext = start >= 0 && end > start && link[end..].Contains("next", StringComparison.Ordinal);
        return isNext
            && Uri.TryCreate(new Uri(new Uri(client.Host.Address, "v2/"), page), link[(start + 1)..end], out Uri? next)
            && Origin.Of(next) == client.Host.Origin
                ? next.AbsoluteUri
                : null;
    }
}
