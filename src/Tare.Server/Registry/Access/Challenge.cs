// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tare.Server.Registry.Access.Tokens;

namespace Tare.Server.Registry.Access;

/// <summary>How callers are asked who they are.</summary>
/// <remarks>RFC 7617 §2; RFC 6750 §3; distribution docs/spec/auth/token.md.</remarks>
/// <param name="tokens">null: by password alone</param>
internal sealed class Challenge(TokenOptions? tokens)
{
    private const string Basic = "Basic realm=\"tare registry\", charset=\"UTF-8\"";

    /// <summary>The value of WWW-Authenticate.</summary>
    /// <param name="http">whose address the realm gets if there is no other</param>
    /// <param name="scope">what was needed; null for nothing in particular</param>
    /// <param name="isToken">the caller came with a token, which was not enough</param>
    public string Of(HttpContext http, string? scope, bool isToken)
    {
        if (tokens is null || http.Request.Path == "/token")
        {
            return Basic;
        }

        string host = http.Request.Host.ToUriComponent();
        string realm = tokens.Realm ?? $"{http.Request.Scheme}://{(host.AsSpan().ContainsAny('"', '\\') ? "localhost" : host)}/token";
        string more = (scope is null ? "" : $",scope=\"{scope}\"") + (isToken ? ",error=\"insufficient_scope\"" : "");
        return $"Bearer realm=\"{realm}\",service=\"{tokens.Service}\"{more}";
    }
}
