// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Sources;

/// <summary>Tokens for repositories over https, from secrets of the build.</summary>
/// <remarks>
/// BuildKit's names: <c>GIT_AUTH_TOKEN.HOST</c>, <c>GIT_AUTH_TOKEN</c> (sent as basic x-access-token),
/// <c>GIT_AUTH_HEADER.HOST</c>, <c>GIT_AUTH_HEADER</c> (sent as it is). They are bound to the remote's scheme, host and port.
/// </remarks>
internal static class GitAuthorization
{
    private const int MaxLength = 64 << 10;

    /// <summary>Settings of git for the remote; none without a secret.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(SourceSettings settings, string remote)
    {
        if (!Uri.TryCreate(remote, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            return [];
        }

        string? header = Text(settings, $"GIT_AUTH_HEADER.{address.Authority}") ?? Text(settings, $"GIT_AUTH_HEADER.{address.Host}");
        string? token = Text(settings, $"GIT_AUTH_TOKEN.{address.Authority}") ?? Text(settings, $"GIT_AUTH_TOKEN.{address.Host}");
        if (header is null && token is null)
        {
            header = Text(settings, "GIT_AUTH_HEADER");
            token = header is null ? Text(settings, "GIT_AUTH_TOKEN") : null;
        }

        string? value = header ?? (token is null ? null
            : "basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + token)));
        return value is null ? [] : [($"http.{address.GetLeftPart(UriPartial.Authority)}/.extraheader", "Authorization: " + value)];
    }

    private static string? Text(SourceSettings settings, string id)
    {
        string? text = settings.Secret(id) is { Length: <= MaxLength } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
        return string.IsNullOrEmpty(text) || text.Any(char.IsControl) ? null : text;
    }
}
