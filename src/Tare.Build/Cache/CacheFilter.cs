// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>Which parts of the builder's cache are meant: <c>--filter</c>.</summary>
internal sealed record CacheFilter
{
    public static CacheFilter None { get; } = new();

    /// <summary>Only what was not used since.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? Kind { get; init; }

    /// <summary>How the id begins.</summary>
    public string? Id { get; init; }

    public bool? IsInUse { get; init; }

    public bool? IsShared { get; init; }

    /// <param name="filters"><c>key=value</c> each</param>
    /// <param name="moment">reads a duration or a time</param>
    /// <exception cref="TareException">InvalidArgument: no such key, or a value that it cannot have</exception>
    public static CacheFilter Parse(IEnumerable<string> filters, Func<string, DateTimeOffset> moment)
    {
        CacheFilter filter = None;
        foreach (string text in filters)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? text : text[..equals];
            string value = equals < 0 ? "true" : text[(equals + 1)..];
            filter = key switch
            {
                "until" or "unused-for" when equals > 0 => filter with { Until = moment(value) },
                "type" when equals > 0 => filter with { Kind = value },
                "id" when equals > 0 => filter with { Id = value },
                "inuse" => filter with { IsInUse = Truth(text, value) },
                "shared" => filter with { IsShared = Truth(text, value) },
                _ => throw new TareException(
                    ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(text)}", "want until=, type=, id=, inuse or shared"),
            };
        }

        return filter;
    }

    public bool Matches(CacheItem item) =>
        (Until is null || item.Used < Until) && (Kind is null || item.Kind == Kind)
        && (Id is null || item.Id.StartsWith(Id, StringComparison.Ordinal))
        && (IsInUse is null || item.IsInUse == IsInUse) && (IsShared is null || item.IsShared == IsShared);

    private static bool Truth(string text, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new TareException(ErrorKind.InvalidArgument, $"invalid filter {Quoted.Text(text)}: want true or false"),
    };
}
