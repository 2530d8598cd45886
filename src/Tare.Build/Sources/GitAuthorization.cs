// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Sources;

/// <summary>Tokens for repositories over https, from secrets of the build.</summary>
/// <remarks>
/// BuildKit's names: <c>GIT_AUTH_TOKEN.HOST</c>, <c>GIT_AUTH_TOKEN</c> (sent as basic x-access-token),
/// <c>GIT_AUTH_HEADER.HOST</c>, <c>GIT_AUTH_HEADER</c> (sent as it is). A user in the address goes before them.
/// All are bound to the remote's scheme, host and port, and follow no redirect.
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
        if (address.UserInfo.Length > 0)
        {
            string user = Uri.UnescapeDataString(address.UserInfo);
            (header, token) = ("basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user.Contains(':') ? user : user + ":")), null);
        }

        if (header is null && token is null)
        {
            header = Text(settings, "GIT_AUTH_HEADER");
            token = header is null ? Text(settings, "GIT_AUTH_TOKEN") : null;
        }

        string? value = header ?? (token is null ? null
            : "basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + token)));
        string origin = $"http.{address.Scheme}://{address.Authority}/";

        // git sends a header of ours wherever a redirect leads it
        return value is null ? [] : [(origin + ".extraheader", "Authorization: " + value), (origin + ".followRedirects", "false")];
    }

    private static string? Text(SourceSettings settings, string id)
    {
        string? text = settings.Secret(id) is { Length: <= MaxLength } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
        return string.IsNullOrEmpty(text) || text.Any(char.IsControl) ? null : text;
    }
}
