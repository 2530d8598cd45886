// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary><c>HEALTHCHECK [--interval=30s …] CMD …</c> or <c>NONE</c>.</summary>
/// <remarks>Dockerfile reference, HEALTHCHECK. Durations as Go writes them: <c>1m30s</c>.</remarks>
internal static class HealthcheckInstruction
{
    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");
    private const long Second = 1_000_000_000;
    private const long MaxDuration = 365L * 24 * 3600 * Second;

    /// <param name="text">what follows the instruction's name</param>
    /// <param name="refuse">makes the error for a reason</param>
    public static Healthcheck Parse(string text, Func<string, TareException> refuse)
    {
        Healthcheck check = new();
        string rest = text;
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            int end = rest.AsSpan().IndexOfAny(" \t");
            string flag = end < 0 ? rest : rest[..end];
            rest = end < 0 ? "" : rest[end..].Trim();
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            check = equals < 0
                ? throw refuse($"{flag} needs a value")
                : With(check, flag[..equals], flag[(equals + 1)..], refuse);
        }
        int space = rest.AsSpan().IndexOfAny(" \t");
        string kind = (space < 0 ? rest : rest[..space]).ToUpperInvariant();
        string command = space < 0 ? "" : rest[space..].Trim();
        return kind switch
        {
            "NONE" when command.Length == 0 => check with { Test = ["NONE"] },
            "CMD" when command.Length > 0 => check with
            {
                Test = ImageChanges.JsonForm(command) is { } words ? ["CMD", .. words] : ["CMD-SHELL", command],
            },
            _ => throw refuse("want CMD with a command, or NONE"),
        };
    }

    private static Healthcheck With(Healthcheck check, string flag, string value, Func<string, TareException> refuse) => flag switch
    {
        "--interval" => check with { Interval = Duration(value, refuse) },
        "--timeout" => check with { Timeout = Duration(value, refuse) },
        "--start-period" => check with { StartPeriod = Duration(value, refuse) },
        "--start-interval" => check with { StartInterval = Duration(value, refuse) },
        "--retries" => check with
        {
            Retries = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
                ? n : throw refuse($"{Quoted.Text(value)} is not a number of retries"),
        },
        _ => throw refuse($"unknown flag {flag}"),
    };

    private static long Duration(string text, Func<string, TareException> refuse)
    {
        decimal total = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Number);
            int unit = digits <= 0 ? 0 : rest[digits..].IndexOfAny(Number);
            ReadOnlySpan<char> name = digits <= 0 ? default : unit < 0 ? rest[digits..] : rest.Slice(digits, unit);
            long scale = name switch
            {
                "ns" => 1,
                "us" or "µs" => 1_000,
                "ms" => 1_000_000,
                "s" => Second,
                "m" => 60 * Second,
                "h" => 3600 * Second,
                _ => 0,
            };
            if (scale == 0 || digits > 12
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal n))
            {
                throw refuse($"{Quoted.Text(text)} is not a duration such as 1m30s");
            }
            total += n * scale;
            rest = rest[(digits + name.Length)..];
        }
        return total is > 0 and <= MaxDuration ? (long)total : throw refuse($"{Quoted.Text(text)} is out of range");
    }
}
