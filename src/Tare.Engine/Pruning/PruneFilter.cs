// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Logs;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Pruning;

/// <summary>Which unused things a prune may take: docker's <c>--filter</c>.</summary>
internal sealed record PruneFilter
{
    /// <summary>Only what was made before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary><c>key</c> or <c>key=value</c>; all must be there.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>As <see cref="Labels"/>; none may be there.</summary>
    public IReadOnlyList<string> WithoutLabels { get; init; } = [];

    /// <summary>Of volumes: <c>all=true</c>.</summary>
    public bool All { get; init; }

    /// <param name="filters"><c>key=value</c> each</param>
    /// <param name="keys">those that this prune knows</param>
    /// <param name="clock">for durations</param>
    /// <exception cref="TareException">InvalidArgument: no such key, or a value that it cannot have</exception>
    public static PruneFilter Parse(IEnumerable<string> filters, IReadOnlyList<string> keys, TimeProvider clock)
    {
        var filter = new PruneFilter();
        foreach (string text in filters)
        {
            bool isNegated = text.StartsWith("label!=", StringComparison.Ordinal);
            int equals = isNegated ? "label!".Length : text.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? text : text[..equals];
            if (equals < 0 || !keys.Contains(key))
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(text)}", $"want KEY=VALUE with one of: {string.Join(", ", keys)}");
            }

            filter = filter.With(key, text[(equals + 1)..], clock);
        }

        return filter;
    }

    /// <summary>The same for images; the store knows the labels there.</summary>
    public ImageFilter ForImages => ImageFilter.None with { Labels = Labels, WithoutLabels = WithoutLabels, Until = Until };

    public bool Matches(DateTimeOffset made, IReadOnlyDictionary<string, string> labels) =>
        (Until is null || made < Until)
        && Labels.All(wanted => LabelPattern.Fits(wanted, labels))
        && !WithoutLabels.Any(unwanted => LabelPattern.Fits(unwanted, labels));

    private PruneFilter With(string key, string value, TimeProvider clock) => key switch
    {
        "until" => this with { Until = Moment(value, clock) },
        "label" => this with { Labels = [.. Labels, value] },
        "label!" => this with { WithoutLabels = [.. WithoutLabels, value] },
        _ => this with { All = value is "1" or "true" },
    };

    /// <summary>A duration back from now, a time, seconds since 1970.</summary>
    /// <exception cref="TareException">InvalidArgument: it is none</exception>
    public static DateTimeOffset Moment(string text, TimeProvider clock)
    {
        LogTime moment = LogTime.Parse(text, clock.GetUtcNow(), clock.LocalTimeZone) ?? throw new TareException(
            ErrorKind.InvalidArgument, $"invalid filter 'until={text}'", "want a duration such as 24h, a time, or seconds since 1970");
        return DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(moment.Seconds, -62135596800, 253402300799));
    }
}
