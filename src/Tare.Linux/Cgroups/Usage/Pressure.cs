// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Cgroups.Usage;

/// <summary>How much processes waited for something there is too little of.</summary>
/// <param name="Some">while at least one waited</param>
/// <param name="Full">while all of them did</param>
/// <remarks>kernel accounting/psi.rst</remarks>
internal sealed record Pressure(PressureShare Some, PressureShare Full)
{
    /// <summary>Null where the kernel does not tell.</summary>
    internal static Pressure? TryRead(Cgroup cgroup, string file)
    {
        IReadOnlyList<string> lines = UsageFile.Lines(cgroup.Find(file), file);
        return lines.Count == 0 ? null : new(Share(lines, "some"), Share(lines, "full"));
    }

    private static PressureShare Share(IReadOnlyList<string> lines, string kind)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith($"{kind} ", StringComparison.Ordinal));
        if (line is null || UsageFile.Words(line) is not [_, var ten, var sixty, var threeHundred, var total])
        {
            return default;
        }

        return new(Average(ten), Average(sixty), Average(threeHundred), UsageFile.Parse(Value(total)));
    }

    private static double Average(string word) =>
        double.TryParse(Value(word), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) ? percent : 0;

    private static string Value(string word) => word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
}
