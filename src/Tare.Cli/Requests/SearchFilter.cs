// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Images.Remote;

namespace Tare.Cli.Requests;

/// <summary>One condition of <c>search --filter</c>.</summary>
internal sealed class SearchFilter
{
    private readonly string _key;
    private readonly int _value;

    private SearchFilter(string key, int value) => (_key, _value) = (key, value);

    /// <exception cref="FormatException">no such condition</exception>
    public static SearchFilter Parse(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        (string key, string value) = at < 0 ? (text, "") : (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim());
        int number = (key, value) switch
        {
            ("stars", _) when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int stars) => stars,
            ("is-official" or "is-automated", "true" or "1") => 1,
            ("is-official" or "is-automated", "false" or "0") => 0,
            ("stars" or "is-official" or "is-automated", _) => throw new FormatException($"invalid filter '{key}={value}'"),
            _ => throw new FormatException("want stars=NUMBER, is-official=true or is-automated=true"),
        };
        return new(key, number);
    }

    public bool Fits(SearchHit hit) => _key switch
    {
        "stars" => hit.Stars >= _value,
        "is-official" => hit.IsOfficial == (_value == 1),
        _ => hit.IsAutomated == (_value == 1),
    };
}
