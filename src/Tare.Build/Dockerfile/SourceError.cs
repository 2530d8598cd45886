// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>Errors that show their place: <c>file:line</c>, the line itself, and a caret below what is meant.</summary>
internal static class SourceError
{
    /// <summary>Characters of a line that are shown; the caret stays inside.</summary>
    private const int MaxShown = 160;

    /// <summary>The error to throw.</summary>
    /// <param name="source">the text that it stands in</param>
    /// <param name="range">the place</param>
    /// <param name="message">what is wrong</param>
    /// <param name="kind">the class of failure</param>
    /// <param name="inner">the cause, when it was an exception</param>
    /// <param name="hint">what to do about it, or null</param>
    public static TareException At(
        SourceText source,
        SourceRange range,
        string message,
        string? hint = null,
        ErrorKind kind = ErrorKind.InvalidArgument,
        Exception? inner = null) =>
        new(kind, $"{source.Name}:{range.Line}: {message}{Excerpt(source, range)}", hint, inner) { ShowsPlace = true };

    /// <summary><c>did you mean X?</c>, or null when nothing is near.</summary>
    public static string? DidYouMean(string typed, IEnumerable<string> known, string before = "", string after = "") =>
        Suggestion.Nearest(typed, known) is { } near ? $"did you mean {before}{near}{after}?" : null;

    private static string Excerpt(SourceText source, SourceRange range)
    {
        if (range.Line < 1 || range.Line > source.Lines.Count)
        {
            return "";
        }

        string line = source.Lines[range.Line - 1].Content;
        int first = Math.Clamp(range.Column - 1, 0, line.Length);
        int last = range.EndLine == range.Line ? Math.Clamp(range.EndColumn - 1, first, line.Length) : line.Length;
        int start = first < MaxShown ? 0 : first - (MaxShown / 2);
        int end = Math.Min(line.Length, start + MaxShown);
        string number = range.Line.ToString(CultureInfo.InvariantCulture);
        StringBuilder text = new StringBuilder("\n").Append(' ', 2).Append(number).Append(" | ");
        AppendShown(text, line.AsSpan(start, end - start), c => c);
        text.Append('\n').Append(' ', 2 + number.Length).Append(" | ");
        AppendShown(text, line.AsSpan(start, first - start), _ => ' ');
        return text.Append('^', Math.Max(1, Math.Min(last, end) - first)).ToString();
    }

    /// <summary>Tabs stay tabs, so that the caret stands where the terminal shows the character.</summary>
    private static void AppendShown(StringBuilder text, ReadOnlySpan<char> line, Func<char, char> shown)
    {
        foreach (char c in line)
        {
            text.Append(c == '\t' ? '\t' : char.IsControl(c) ? shown('\uFFFD') : shown(c));
        }
    }
}
