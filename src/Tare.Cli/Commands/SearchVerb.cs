// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Requests;
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

    private static readonly Flag<IReadOnlyList<SearchFilter>> Filters = Flag.ListOf(
        "-f, --filter", "filter", "Filter output based on conditions provided (stars=, is-official=, is-automated=)", SearchFilter.Parse);
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
        IReadOnlyList<SearchFilter> filters = arguments.Get(Filters);
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
            .Write(session.Output, hits.Where(hit => filters.All(filter => filter.Fits(hit))), arguments.Get(Format));
        return 0;
    }

    private static string Describe(SearchHit hit, bool whole)
    {
        string text = hit.Description.ReplaceLineEndings(" ").Trim();
        return whole || text.Length <= ShownLength ? text : text[..(ShownLength - 1)] + "…";
    }
}
