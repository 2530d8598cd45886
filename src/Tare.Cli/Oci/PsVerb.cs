// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Engine.Top;
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class PsVerb
{
    private static readonly Flag<string?> Format = Flag.Text("-f, --format", "format", "\"table\" or \"json\"", "table");

    public static OciVerb Create() => new("Show the processes of a container", "[OPTIONS] CONTAINER [PS OPTIONS...]", Act)
    {
        Flags = [Format],
        MinOperands = 1,
        MaxOperands = int.MaxValue,
        StopsAtOperand = true,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: false);
        List<int> pids = [.. container.Cgroup.Processes().Order()];
        if (call.Get(Format) == "json")
        {
            call.Output.WriteLine($"[{string.Join(',', pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture)))}]");
            return 0;
        }

        if (call.Get(Format) != "table")
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid format {Quoted.Text(call.Get(Format)!)}", "table or json");
        }

        string[] options = call.Operands.Count > 1 ? [.. call.Operands.Skip(1)] : ["-ef"];
        Print(call.Output, HostPs.Read(options, () => [.. container.Cgroup.Processes()]));
        return 0;
    }

    private static void Print(TextWriter output, ProcessTable table)
    {
        string[][] rows = [[.. table.Titles], .. table.Rows.Select(process => process.ToArray())];
        int[] widths = [.. Enumerable.Range(0, table.Titles.Count).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join(' ', row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
