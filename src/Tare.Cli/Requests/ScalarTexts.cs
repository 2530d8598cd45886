// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Containers;

namespace Tare.Cli.Requests;

/// <summary>The small texts of run's flags that are more than a number.</summary>
internal static class ScalarTexts
{
    private const decimal Billion = 1_000_000_000;

    private static readonly string[] UlimitNames =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    /// <summary><c>--cpus 1.5</c> → billionths of a CPU.</summary>
    public static long NanoCpus(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal cpus) || cpus > long.MaxValue / Billion)
        {
            throw new FormatException($"failed to parse {text} as a rational number");
        }

        decimal nano = cpus * Billion;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new FormatException("value is too precise");
    }

    /// <summary><c>nofile=1024:2048</c>.</summary>
    public static UlimitRequest Ulimit(string text)
    {
        string[] sides = text.Split('=');
        string[] limits = sides is [_, var values] ? values.Split(':') : [];
        if (limits.Length is 0 or > 2)
        {
            throw new FormatException($"invalid ulimit argument: {text}");
        }

        if (!UlimitNames.Contains(sides[0]))
        {
            throw new FormatException($"invalid ulimit type: {sides[0]}");
        }

        long soft = Limit(limits[0]);
        long hard = limits.Length == 2 ? Limit(limits[1]) : soft;
        bool ordered = hard == -1 || (soft != -1 && soft <= hard);
        return ordered
            ? new(sides[0], soft, hard)
            : throw new FormatException($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
    }

    /// <summary><c>/dev/x[:/dev/y][:rwm]</c>.</summary>
    public static DeviceRequest Device(string text)
    {
        string[] parts = text.Split(':');
        (string source, string target, string access) = parts switch
        {
            [var only] => (only, only, "rwm"),
            [var from, var how] when IsAccess(how) => (from, from, how),
            [var from, var to] => (from, to, "rwm"),
            [var from, var to, var how] => (from, to, how),
            _ => throw new FormatException($"invalid device specification: {text}"),
        };
        bool valid = source.StartsWith('/') && target.StartsWith('/') && IsAccess(access);
        return valid ? new(source, target, access) : throw new FormatException($"bad format for path: {text}");
    }

    /// <summary>As typed; empty is for the configuration to decide.</summary>
    public static string CgroupParent(string text) => text.Length > 0 && Linux.Cgroups.CgroupParent.TryRead(text, out _) is { } reason
        ? throw new FormatException(reason)
        : text;

    /// <summary><c>always</c>, <c>missing</c>, <c>never</c>.</summary>
    public static PullPolicy Pull(string text) => text switch
    {
        "always" => PullPolicy.Always,
        "missing" or "" => PullPolicy.Missing,
        "never" => PullPolicy.Never,
        _ => throw new FormatException("must be one of \"always\", \"missing\" or \"never\""),
    };

    private static bool IsAccess(string text) =>
        text.Length is > 0 and <= 3 && !text.AsSpan().ContainsAnyExcept("rwm") && text.Distinct().Count() == text.Length;

    private static long Limit(string text)
    {
        bool valid =
            long.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit) && limit >= -1;
        return valid ? limit : throw new FormatException($"invalid ulimit value: {text}");
    }
}
