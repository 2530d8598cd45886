// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Images.Store;

namespace Tare.Cli.Commands;

/// <summary><c>tare history</c>.</summary>
internal static class HistoryVerb
{
    /// <summary>Of the instruction, when it is cut.</summary>
    private const int ShownLength = 45;

    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<bool> Human =
        new(
            "-H, --human",
            null,
            "Print sizes and dates in human readable format (default true)",
            static (_, text) => text is not ("false" or "0"),
            true);
    private static readonly Flag<bool> NoTrunc = Flag.Switch("--no-trunc", "Don't truncate output");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only show image IDs");

    public static Verb Create() => new("Show the history of an image", "[OPTIONS] IMAGE", Act)
    {
        Flags = [Format, Human, NoTrunc, Quiet],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Images,
        Examples = [("tare history --no-trunc app:1", "every step, the newest first")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using ImageStore images = session.OpenImages();
        IReadOnlyList<HistoryRow> rows = images.History(arguments.Operands[0]);
        bool whole = arguments.Get(NoTrunc);
        if (arguments.Get(Quiet) && arguments.Get(Format) is null)
        {
            foreach (HistoryRow row in rows)
            {
                session.Output.WriteLine(Id(row, whole));
            }

            return 0;
        }

        Column<HistoryRow>[] columns = Columns(whole, arguments.Get(Human), session.Time.GetUtcNow());
        new Listing<HistoryRow>(columns, ["ID", "CreatedSince", "CreatedBy", "Size", "Comment"])
            .Write(session.Output, rows, arguments.Get(Format));
        return 0;
    }

    private static Column<HistoryRow>[] Columns(bool whole, bool human, DateTimeOffset now) =>
    [
        new("ID", "IMAGE", row => Id(row, whole)),
        human
            ? new("CreatedSince", "CREATED", row => HumanTime.Ago(row.Created, now))
            : new("CreatedSince", "CREATED AT", row => Rfc3339(row.Created)),
        new("CreatedAt", "CREATED AT", row => Rfc3339(row.Created)),
        new("CreatedBy", "CREATED BY", row => By(row, whole)),
        new("Size", "SIZE", row => human ? HumanSize.Format(row.Size) : $"{row.Size}"),
        new("Comment", "COMMENT", row => row.Comment),
    ];

    private static string Id(HistoryRow row, bool whole) =>
        row.Id is not { } id ? "<missing>" : whole ? id.ToString() : id.Hex[..12];

    private static string By(HistoryRow row, bool whole)
    {
        string text = row.CreatedBy.Replace('\t', ' ');
        return whole || text.Length <= ShownLength ? text : text[..(ShownLength - 1)] + "…";
    }

    private static string Rfc3339(DateTimeOffset? then) =>
        then?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "N/A";
}
