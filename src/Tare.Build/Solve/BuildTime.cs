// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>The one moment that stands in everything that a build makes.</summary>
/// <param name="Moment">UTC, whole seconds</param>
/// <param name="IsGiven">somebody said it: then it is also a bound for older data</param>
internal sealed record BuildTime(DateTimeOffset Moment, bool IsGiven)
{
    /// <summary>The name of the build argument and variable that gives it: seconds since 1970.</summary>
    /// <remarks>reproducible-builds.org/specs/source-date-epoch.</remarks>
    public const string Variable = "SOURCE_DATE_EPOCH";

    private const long LastSecond = 253402300799;

    /// <summary>The first moment that every archive format can write.</summary>
    public static BuildTime Fixed { get; } = new(new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero), false);

    public FileTime FileTime => new(Moment.ToUnixTimeSeconds(), 0);

    public string Text => Timestamp.Format(Moment);

    /// <summary>Of a commit; before 1980 or behind all calendars it is the fixed one.</summary>
    public static BuildTime OfCommit(long seconds) =>
        seconds < Fixed.Moment.ToUnixTimeSeconds() || seconds > LastSecond ? Fixed : new(DateTimeOffset.FromUnixTimeSeconds(seconds), false);

    /// <exception cref="TareException">InvalidArgument: it is no number of seconds</exception>
    public static BuildTime Of(string? seconds)
    {
        return string.IsNullOrEmpty(seconds) ? Fixed
            : long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= LastSecond
            ? new(DateTimeOffset.FromUnixTimeSeconds(number), true)
            : throw new TareException(ErrorKind.InvalidArgument, $"invalid {Variable}: {Quoted.Text(seconds)}", "write seconds since 1970");
    }
}
