// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class ListVerb
{
    private static readonly Flag<string?> Format = Flag.Text("-f, --format", "format", "\"table\" or \"json\"", "table");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Print ids alone");

    public static OciVerb Create() => new("List the containers of this root", "[OPTIONS]", Act) { Flags = [Format, Quiet] };

    private static int Act(OciCall call)
    {
        List<OciContainer> containers = [.. OciFolder.List(call.Root).Select(id => OciContainer.TryOpen(call.Root, id, false)).OfType<OciContainer>()];
        try
        {
            Print(call, containers);
            return 0;
        }
        finally
        {
            containers.ForEach(static container => container.Dispose());
        }
    }

    private static void Print(OciCall call, List<OciContainer> containers)
    {
        switch (call.Get(Format))
        {
            case "table" when call.Get(Quiet):
                containers.ForEach(container => call.Output.WriteLine(container.Record.Id));
                break;
            case "table":
                PrintTable(call.Output, containers);
                break;
            case "json":
                PrintJson(call.Output, containers);
                break;
            default:
                throw new TareException(ErrorKind.InvalidArgument, $"invalid format {Quoted.Text(call.Get(Format)!)}", "table or json");
        }
    }

    private static void PrintJson(TextWriter output, List<OciContainer> containers)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            containers.ForEach(container => StateDocument.Write(writer, container));
            writer.WriteEndArray();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void PrintTable(TextWriter output, List<OciContainer> containers)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
        foreach (OciContainer container in containers)
        {
            OciStatus status = container.Status();
            rows.Add(
            [
                container.Record.Id,
                (status == OciStatus.Stopped ? 0 : container.Record.Pid).ToString(CultureInfo.InvariantCulture),
                OciText.Of(status),
                container.Record.Bundle,
                container.Record.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
                "root",
            ]);
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
