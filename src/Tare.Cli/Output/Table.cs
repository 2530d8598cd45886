// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output;

/// <summary>Columns aligned as docker's tables: three spaces between, ten places at least, nothing after the
/// last.</summary>
/// <remarks>Go's tabwriter with minwidth 10, padding 3; all lines have the same number of cells here.</remarks>
internal static class Table
{
    private const int Padding = 3;
    private const int MinWidth = 10;

    /// <param name="output">where to</param>
    /// <param name="lines">cells; all lines have as many</param>
    /// <param name="width">of the narrowest column</param>
    /// <param name="padding">blanks after the longest cell of a column, at least</param>
    public static void Write(
        TextWriter output, IReadOnlyList<string[]> lines, int width = MinWidth, int padding = Padding)
    {
        int[] widths = Widths(lines, width, padding);
        foreach (string[] line in lines)
        {
            for (int column = 0; column < line.Length; column++)
            {
                string cell = Printable.Of(line[column]);
                output.Write(cell);
                if (column < line.Length - 1)
                {
                    Pad(output, widths[column] - Columns(cell));
                }
            }

            output.Write('\n');
        }
    }

    private static int[] Widths(IReadOnlyList<string[]> lines, int width, int padding)
    {
        var widths = new int[lines.Max(line => line.Length)];
        Array.Fill(widths, width);
        foreach (string[] line in lines)
        {
            for (int column = 0; column < line.Length; column++)
            {
                widths[column] = Math.Max(widths[column], Columns(Printable.Of(line[column])) + padding);
            }
        }

        return widths;
    }

    private static void Pad(TextWriter output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            output.Write(' ');
        }
    }

    private static int Columns(string cell) => cell.EnumerateRunes().Count();
}
