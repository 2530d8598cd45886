// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine.Registries;
using Tare.Images.Archive;
using Tare.Images.Remote;

namespace Tare.Cli.Commands;

/// <summary><c>tare search</c>.</summary>
internal static class SearchVerb
{
    private const int DefaultLimit = 25;

    /// <summary>Of the description, when it is cut.</summary>
    private const int ShownLength = 45;

    private static readonly Flag<IReadOnlyList<KeyValuePair<string, string>>> Filters = Flag.ListOf(
        "-f, --filter", "filter", "Filter output based on conditions provided (stars=, is-official=, is-automated=)", ParseFilter);
    private static readonly Flag<string?> Format = Flag.Text("--format", "string", "Pretty-print search using a Go template");
    private static readonly Flag<long?> Limit = Flag.Number("--limit", "Max number of search results", 0, SearchHit.MaxHits);
    private static readonly Flag<bool> NoTrunc = Flag.Switch("--no-trunc", "Don't truncate output");

    public static Verb Create() => new("Search docker.io, or a registry that offers it, for images", "[OPTIONS] TERM", Act)
    {
        Flags = [Filters, Format, Limit, NoTrunc],
        MinOperands = 1,
        MaxOperands = 1,
        NeedsRoot = false,
        Examples =
        [
            ("tare search --filter is-official=true nginx", "at docker.io"),
            ("tare search registry.example/app", "at another registry"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string term = arguments.Operands[0];
        int limit = arguments.Get(Limit) is > 0 and { } asked ? (int)asked : DefaultLimit;
        IReadOnlyList<SearchHit> hits = InputError.NamedAsync(
            $"search {term}",
            () => SearchHit.FindAsync(term, limit, RegistryAccess.Of(session.RegistryUser), session.Cancellation)).GetAwaiter().GetResult();
        IReadOnlyList<KeyValuePair<string, string>> filters = arguments.Get(Filters);
        bool whole = arguments.Get(NoTrunc);
        Column<SearchHit>[] columns =
        [
            new("Name", "NAME", static hit => hit.Name),
            new("Description", "DESCRIPTION", hit => Describe(hit, whole)),
            new("StarCount", "STARS", static hit => hit.Stars.ToString(CultureInfo.InvariantCulture)),
            new("IsOfficial", "OFFICIAL", static hit => hit.IsOfficial ? "[OK]" : ""),
            new("IsAutomated", "AUTOMATED", static hit => hit.IsAutomated ? "[OK]" : ""),
        ];
        new Listing<SearchHit>(columns, ["Name", "Description", "StarCount", "IsOfficial"])
            .Write(session.Output, hits.Where(hit => filters.All(filter => Matches(hit, filter))), arguments.Get(Format));
        return 0;
    }

    private static bool Matches(SearchHit hit, KeyValuePair<string, string> filter) => filter.Key switch
    {
        "stars" => hit.Stars >= int.Parse(filter.Value, CultureInfo.InvariantCulture),
        "is-official" => hit.IsOfficial == (filter.Value is "true" or "1"),
        _ => hit.IsAutomated == (filter.Value is "true" or "1"),
    };

    private static KeyValuePair<string, string> ParseFilter(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        (string key, string value) = at < 0 ? (text, "") : (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim());
        bool isFine = key switch
        {
            "stars" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "is-official" or "is-automated" => value is "true" or "false" or "1" or "0",
            _ => throw new FormatException("want stars=NUMBER, is-official=true or is-automated=true"),
        };
        return isFine ? new(key, value) : throw new FormatException($"invalid filter '{key}={value}'");
    }

    private static string Describe(SearchHit hit, bool whole)
    {
        string text = hit.Description.ReplaceLineEndings(" ").Trim();
        return whole || text.Length <= ShownLength ? text : text[..(ShownLength - 1)] + "…";
    }
}
