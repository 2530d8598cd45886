// SPDX-License-Identifier: Apache-2.0
namespace Words;

/// <summary>How often each word of a text is there.</summary>
public static class Counter
{
    public static System.Collections.Generic.SortedDictionary<string, int> Count(string text)
    {
        var counts = new System.Collections.Generic.SortedDictionary<string, int>(System.StringComparer.Ordinal);
        foreach (string word in text.Split([' ', '\n'], System.StringSplitOptions.RemoveEmptyEntries))
        {
            counts[word] = counts.TryGetValue(word, out int count) ? count + 1 : 1;
        }

        return counts;
    }
}
