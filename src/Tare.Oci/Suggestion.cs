// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>Did you mean: the known word nearest to a mistyped one.</summary>
internal static class Suggestion
{
    private const int LongestWord = 32;

    /// <summary>The nearest of <paramref name="known"/> within two typing errors (one for short words), or
    /// null.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        if (typed.Length > LongestWord)
        {
            return null;
        }

        int bound = typed.Length <= 3 ? 1 : 2;
        return known
            .Select(word => (word, distance: Distance(typed, word)))
            .Where(candidate => candidate.distance <= bound)
            .OrderBy(candidate => candidate.distance)
            .Select(candidate => candidate.word)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
