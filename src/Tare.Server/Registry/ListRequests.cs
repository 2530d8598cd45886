// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tare.Oci;
using Tare.Server.Registry.Access;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>Requests that list: tags, repositories, referrers; each in pages.</summary>
/// <remarks>distribution-spec 1.1 #content-discovery.</remarks>
internal sealed class ListRequests(IManifests shelf)
{
    private const int MaxEntries = 1000;
    private const int MaxPageBytes = 4 << 20;

    public async Task TagsAsync(HttpContext http, Repository repository)
    {
        OnlyGet(http);
        IReadOnlyList<string> all = await shelf.TagsAsync(repository, http.RequestAborted)
            ?? throw RegistryFailure.NameUnknown(repository.Name);
        IEnumerable<string> tags = all.Order(StringComparer.OrdinalIgnoreCase).ThenBy(t => t, StringComparer.Ordinal);
        List<string> page = Page(http, tags, ByLetter);
        await Answer.JsonAsync(http, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", repository.Name);
            WriteAll(writer, "tags", page);
            writer.WriteEndObject();
        });
    }

    /// <summary>Only what the caller may pull.</summary>
    public async Task CatalogAsync(HttpContext http, Caller caller)
    {
        OnlyGet(http);
        IEnumerable<string> all = await shelf.RepositoriesAsync(http.RequestAborted);
        List<string> page = Page(http, all.Where(caller.Listed ?? (static _ => false)), StringComparer.Ordinal.Compare);
        await Answer.JsonAsync(http, writer =>
        {
            writer.WriteStartObject();
            WriteAll(writer, "repositories", page);
            writer.WriteEndObject();
        });
    }

    /// <summary>An index of what refers to a manifest, which need not be there; empty when nothing does.</summary>
    public async Task ReferrersAsync(HttpContext http, Repository repository, Digest subject)
    {
        OnlyGet(http);
        string wanted = http.Request.Query["artifactType"].ToString();
        string after = http.Request.Query["last"].ToString();
        List<byte[]> page = [];
        long bytes = 0;
        string last = "";
        await foreach ((string name, byte[] referrer) in shelf.ReferrersAsync(repository, subject, after, http.RequestAborted))
        {
            if (wanted.Length > 0 && ArtifactType(referrer) != wanted)
            {
                continue;
            }

            if (page.Count == MaxEntries || (page.Count > 0 && bytes + referrer.Length > MaxPageBytes))
            {
                string filter = wanted.Length > 0 ? "&artifactType=" + Uri.EscapeDataString(wanted) : "";
                http.Response.Headers.Link = $"<{http.Request.Path}?last={last}{filter}>; rel=\"next\"";
                break;
            }

            page.Add(referrer);
            bytes += referrer.Length;
            last = name;
        }

        if (wanted.Length > 0)
        {
            http.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        await Answer.JsonAsync(http, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("schemaVersion", 2);
            writer.WriteString("mediaType", MediaType.OciIndex);
            writer.WriteStartArray("manifests");
            page.ForEach(referrer => writer.WriteRawValue(referrer));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }, MediaType.OciIndex);
    }

    private static string? ArtifactType(byte[] descriptor) =>
        System.Text.Json.JsonSerializer.Deserialize(descriptor, OciJson.Default.Descriptor)?.ArtifactType;

    /// <summary>The names after <c>last</c>, at most <c>n</c>; a Link header when there are more.</summary>
    private static List<string> Page(HttpContext http, IEnumerable<string> sorted, Comparison<string> compare)
    {
        int count = Count(http.Request.Query["n"].ToString());
        string after = http.Request.Query["last"].ToString();
        List<string> page = [.. sorted.Where(name => after.Length == 0 || compare(name, after) > 0).Take(count + 1)];
        if (page.Count > count)
        {
            page.RemoveAt(count);
            if (count > 0)
            {
                http.Response.Headers.Link =
                    $"<{http.Request.Path}?last={Uri.EscapeDataString(page[^1])}&n={count}>; rel=\"next\"";
            }
        }

        return page;
    }

    private static int Count(string text)
    {
        if (text.Length == 0)
        {
            return MaxEntries;
        }

        return text.Length <= 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? Math.Min(count, MaxEntries)
            : throw new RegistryFailure(400, "PAGINATION_NUMBER_INVALID", "n must be a number");
    }

    private static int ByLetter(string left, string right)
    {
        int order = StringComparer.OrdinalIgnoreCase.Compare(left, right);
        return order != 0 ? order : string.CompareOrdinal(left, right);
    }

    private static void WriteAll(System.Text.Json.Utf8JsonWriter writer, string name, List<string> values)
    {
        writer.WriteStartArray(name);
        values.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }

    private static void OnlyGet(HttpContext http)
    {
        if (http.Request.Method is not ("GET" or "HEAD"))
        {
            throw RegistryFailure.MethodUnsupported();
        }
    }
}
