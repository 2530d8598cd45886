// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Images.Store;

namespace Tare.Cli.Commands;

/// <summary><c>tare images</c>.</summary>
internal static class ImagesVerb
{
    private static readonly Flag<bool> All = Flag.Switch("-a, --all", "Show all images (there are no hidden ones)");
    private static readonly Flag<bool> Digests = Flag.Switch("--digests", "Show digests");
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("-f, --filter", "filter", "Filter output based on conditions provided");
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<bool> NoTrunc = Flag.Switch("--no-trunc", "Don't truncate output");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only show image IDs");

    public static Verb Create() => new("List images", "[OPTIONS] [REPOSITORY[:TAG]]", Act)
    {
        Flags = [All, Digests, Filter, Format, NoTrunc, Quiet],
        MaxOperands = 1,
        Completes = Candidates.Images,
        Examples =
        [
            ("tare images", "every name, the newest image first"),
            ("tare images --filter dangling=true -q", "IDs of images without a name"),
            ("tare images --format '{{.Repository}}:{{.Tag}} {{.Size}}'", "with a template"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        ImageFilter filter = ImageFilter.Parse(arguments.Get(Filter));
        if (arguments.Operands is [var pattern])
        {
            filter = filter with { References = [.. filter.References, pattern] };
        }

        using ImageStore images = session.OpenImages();
        IReadOnlyList<ImageRow> rows = images.List(filter);
        bool whole = arguments.Get(NoTrunc);
        if (arguments.Get(Quiet) && arguments.Get(Format) is null)
        {
            foreach (ImageRow row in rows)
            {
                session.Output.WriteLine(Id(row, whole));
            }

            return 0;
        }

        string[] shown = arguments.Get(Digests)
            ? ["Repository", "Tag", "Digest", "ID", "CreatedSince", "Size"]
            : ["Repository", "Tag", "ID", "CreatedSince", "Size"];
        Column<ImageRow>[] columns = Columns(whole, session.Time.GetUtcNow());
        new Listing<ImageRow>(columns, shown).Write(session.Output, rows, arguments.Get(Format));
        return 0;
    }

    private static Column<ImageRow>[] Columns(bool whole, DateTimeOffset now) =>
    [
        new("Repository", "REPOSITORY", row => row.Repository),
        new("Tag", "TAG", row => row.Tag),
        new("Digest", "DIGEST", row => row.Name is null ? "<none>" : row.Root.ToString()),
        new("ID", "IMAGE ID", row => Id(row, whole)),
        new("CreatedSince", "CREATED", row => HumanTime.Ago(row.Created, now)),
        new("CreatedAt", "CREATED AT", row => HumanTime.Full(row.Created)),
        new("Size", "SIZE", row => HumanSize.Format(row.Size)),
        new("VirtualSize", "SIZE", row => HumanSize.Format(row.Size)),
        new("SharedSize", "SHARED SIZE", _ => "N/A"),
        new("UniqueSize", "UNIQUE SIZE", _ => "N/A"),
        new("Containers", "CONTAINERS", _ => "N/A"),
    ];

    private static string Id(ImageRow row, bool whole) => whole ? row.Id.ToString() : row.Id.Hex[..12];
}
