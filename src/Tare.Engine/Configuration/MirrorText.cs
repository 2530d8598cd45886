// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>The address of a registry that has what another one has: <c>https://host[:port]</c>.</summary>
/// <remarks>docker's rule: no user, path, query or fragment.</remarks>
internal static class MirrorText
{
    private const string Want = "want https://host[:port] or http://host[:port]";

    /// <summary>Null on success, else why the text is no mirror.</summary>
    public static string? TryRead(string text, out Uri? mirror)
    {
        mirror = null;
        string? scheme =
            text.StartsWith("https://", StringComparison.Ordinal) ? "https://"
            : text.StartsWith("http://", StringComparison.Ordinal) ? "http://"
            : null;
        if (scheme is null)
        {
            return Want;
        }

        string registry = text[scheme.Length..];
        registry = registry.EndsWith('/') ? registry[..^1] : registry;
        if (ReferenceGrammar.RefuseRegistry(registry) is { } reason)
        {
            return $"{reason}; {Want}";
        }

        return Uri.TryCreate($"{scheme}{registry}/", UriKind.Absolute, out mirror) ? null : Want;
    }
}
