// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Volumes;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare volume ls</c>.</summary>
internal static class VolumeLsVerb
{
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("-f, --filter", "filter", "Provide filter values (e.g. \"dangling=true\", \"name=web\", \"label=a=b\")");
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only display volume names");

    public static Verb Create() => new("List volumes", "[OPTIONS]", Act)
    {
        Flags = [Filter, Format, Quiet],
        MaxOperands = 0,
        Examples = [("tare volume ls --filter dangling=true", "those that no container uses")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        IEnumerable<VolumeRow> volumes = engine.Volumes.List();
        foreach (string filter in arguments.Get(Filter))
        {
            Func<VolumeRow, bool> fits = Fits(engine, filter);
            volumes = volumes.Where(fits);
        }

        if (arguments.Get(Quiet) && arguments.Get(Format) is null)
        {
            volumes.ToList().ForEach(volume => session.Output.WriteLine(volume.Name));
            return 0;
        }

        new Listing<VolumeRow>(Columns(engine), ["Driver", "Name"])
        {
            Label = static (volume, key) => volume.Labels.GetValueOrDefault(key, ""),
        }.Write(session.Output, [.. volumes], arguments.Get(Format));
        return 0;
    }

    private static Column<VolumeRow>[] Columns(TareEngine engine) =>
    [
        new("Driver", "DRIVER", static _ => "local"),
        new("Name", "VOLUME NAME", static volume => volume.Name),
        new("Scope", "SCOPE", static _ => "local"),
        new("Mountpoint", "MOUNTPOINT", volume => engine.Folders.VolumePath(volume.Name)),
        new("Labels", "LABELS", static volume => string.Join(
            ',', volume.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}"))),
        new("Links", "LINKS", volume => FormattableString.Invariant($"{engine.Volumes.UsersOf(volume.Name).Count}")),
        new("Size", "SIZE", static _ => "N/A"),
        new("Availability", "AVAILABILITY", static _ => "N/A"),
        new("Group", "GROUP", static _ => "N/A"),
        new("Status", "STATUS", static _ => "N/A"),
    ];

    private static Func<VolumeRow, bool> Fits(TareEngine engine, string filter) => filter.Split('=', 2) switch
    {
        ["dangling", "true" or "1"] => volume => engine.Volumes.UsersOf(volume.Name).Count == 0,
        ["dangling", "false" or "0"] => volume => engine.Volumes.UsersOf(volume.Name).Count > 0,
        ["name", var part] => volume => volume.Name.Contains(part, StringComparison.Ordinal),
        ["driver", var driver] => _ => driver == "local",
        ["label", var label] => volume => LabelPattern.Fits(label, volume.Labels),
        _ => throw new TareException(
            ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(filter)}", "known: dangling=true|false, driver, label, name"),
    };
}
