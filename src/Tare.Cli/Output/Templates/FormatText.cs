// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Cli.Output.Templates;

/// <summary><c>printf</c>: <c>%s %v %d %t %q %x %%</c>, with a width and the flags <c>-</c> and <c>0</c>.</summary>
internal static class FormatText
{
    /// <summary>What a width, a padding or a length may be at most.</summary>
    public const int MaxWidth = 1 << 20;

    /// <exception cref="Arguments.UsageException">an unknown verb, or too few arguments</exception>
    public static string Format(string format, object?[] arguments)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            at++;
            string flags = Take(format, ref at, "-0");
            string width = Take(format, ref at, "0123456789");
            char verb = at < format.Length ? format[at] : throw TemplateParser.Wrong("printf: no verb after %");
            text.Append(verb == '%' ? "%"
                : next < arguments.Length ? Pad(Of(verb, arguments[next++]), flags, width)
                : throw TemplateParser.Wrong($"printf: no argument for %{verb}"));
        }

        return text.ToString();
    }

    private static string Of(char verb, object? value) => verb switch
    {
        's' or 'v' or 'd' or 't' => Values.Text(value),
        'q' => Functions.ToJson(Values.Text(value)),
        'x' when Values.Number(value) is { } number => number.ToString("x", CultureInfo.InvariantCulture),
        'x' => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Values.Text(value))),
        _ => throw TemplateParser.Wrong($"printf: %{verb} is not supported"),
    };

    private static string Pad(string text, string flags, string width)
    {
        if (width.Length == 0)
        {
            return text;
        }

        if (!int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int columns) || columns > MaxWidth)
        {
            throw TemplateParser.Wrong($"printf: the width {width} is too large");
        }

        return flags.Contains('-', StringComparison.Ordinal) ? text.PadRight(columns)
            : text.PadLeft(columns, flags.Contains('0', StringComparison.Ordinal) ? '0' : ' ');
    }

    private static string Take(string format, ref int at, string wanted)
    {
        int start = at;
        while (at < format.Length && wanted.Contains(format[at], StringComparison.Ordinal))
        {
            at++;
        }

        return format[start..at];
    }
}
