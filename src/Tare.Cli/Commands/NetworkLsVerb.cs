// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare network ls</c>.</summary>
internal static class NetworkLsVerb
{
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("-f, --filter", "filter", "Provide filter values (e.g. \"driver=bridge\", \"name=app\", \"label=a=b\")");
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<bool> Whole = Flag.Switch("--no-trunc", "Do not truncate the output");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only display network IDs");

    public static Verb Create() => new("List networks", "[OPTIONS]", Act)
    {
        Flags = [Filter, Format, Whole, Quiet],
        MaxOperands = 0,
        Examples = [("tare network ls --filter type=custom", "those that somebody made")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        IEnumerable<NetworkRow> rows = engine.Networks.List();
        foreach (string filter in arguments.Get(Filter))
        {
            rows = rows.Where(Fits(engine, filter));
        }

        bool whole = arguments.Get(Whole);
        if (arguments.Get(Quiet) && arguments.Get(Format) is null)
        {
            rows.ToList().ForEach(row => session.Output.WriteLine(whole ? row.Id : row.ShortId));
            return 0;
        }

        new Listing<NetworkRow>(Columns(whole), ["ID", "Name", "Driver", "Scope"])
        {
            Label = static (row, key) => row.Record.Labels.GetValueOrDefault(key, ""),
        }.Write(session.Output, [.. rows], arguments.Get(Format));
        return 0;
    }

    private static Column<NetworkRow>[] Columns(bool whole) =>
    [
        new("ID", "NETWORK ID", row => whole ? row.Id : row.ShortId),
        new("Name", "NAME", static row => row.Name),
        new("Driver", "DRIVER", static row => row.Record.Driver),
        new("Scope", "SCOPE", static _ => "local"),
        new("IPv4", "IPV4", static _ => "true"),
        new("IPv6", "IPV6", static row => row.Record.EnableIPv6 ? "true" : "false"),
        new("Internal", "INTERNAL", static row => row.Record.Internal ? "true" : "false"),
        new("Labels", "LABELS", static row => string.Join(
            ',', row.Record.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}"))),
        new("CreatedAt", "CREATED AT", static row => row.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff' +0000 UTC'", CultureInfo.InvariantCulture)),
    ];

    private static Func<NetworkRow, bool> Fits(TareEngine engine, string filter) => filter.Split('=', 2) switch
    {
        ["name", var part] => row => row.Name.Contains(part, StringComparison.Ordinal),
        ["id", var part] => row => row.Id.StartsWith(part, StringComparison.Ordinal),
        ["driver", var driver] => row => row.Record.Driver == driver,
        ["scope", var scope] => _ => scope == "local",
        ["type", "custom"] => static row => !row.IsPredefined,
        ["type", "builtin"] => static row => row.IsPredefined,
        ["label", var label] => row => LabelPattern.Fits(label, row.Record.Labels),
        ["dangling", "true" or "1"] => row => !row.IsPredefined && NetworkUsers.Of(engine, row).Count == 0,
        ["dangling", "false" or "0"] => row => row.IsPredefined || NetworkUsers.Of(engine, row).Count > 0,
        _ => throw new TareException(
            ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(filter)}", "known: dangling, driver, id, label, name, scope, type"),
    };
}
