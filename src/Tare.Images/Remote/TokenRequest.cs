// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Remote.Credentials;

namespace Tare.Images.Remote;

/// <summary>Asks a token server for a token: GET, or with an identity token POST, where it stands in no log.</summary>
/// <remarks>distribution docs/spec/auth/token.md#requesting-a-token, oauth.md#getting-a-token.</remarks>
internal static class TokenRequest
{
    private const string ClientId = "tare";

    public static HttpRequestMessage Make(Uri realm, string? service, string scope, Credential? credential, bool wantsIdentity = false)
    {
        List<(string Name, string Value)> fields = [];
        Add(fields, "service", service);
        foreach (string each in scope.Split(' '))
        {
            Add(fields, "scope", each);
        }
        if (credential is { IsIdentityToken: true })
        {
            fields.AddRange([("grant_type", "refresh_token"), ("client_id", ClientId), ("refresh_token", credential.Secret)]);
            return new HttpRequestMessage(HttpMethod.Post, realm)
            {
                Content = new StringContent(Join(fields), Encoding.ASCII, "application/x-www-form-urlencoded"),
            };
        }
        Add(fields, "account", credential?.User);
        if (wantsIdentity)
        {
            fields.AddRange([("client_id", ClientId), ("offline_token", "true")]);
        }
        var address = new UriBuilder(realm);
        address.Query = address.Query.Length > 1 ? $"{address.Query}&{Join(fields)}" : Join(fields);
        return new HttpRequestMessage(HttpMethod.Get, address.Uri);
    }

    private static void Add(List<(string, string)> fields, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            fields.Add((name, value));
        }
    }

    private static string Join(List<(string Name, string Value)> fields) =>
        string.Join('&', fields.Select(static f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"));
}
