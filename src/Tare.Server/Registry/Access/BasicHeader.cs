// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Server.Registry.Access;

/// <summary>A user's name and password as a header has them.</summary>
/// <remarks>RFC 7617.</remarks>
internal static class BasicHeader
{
    private const int MaxLength = 1024;
    private const string Scheme = "Basic ";

    public static bool TryRead(string header, out string user, out string password)
    {
        user = password = "";
        if (header.Length > MaxLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int written))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, written);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }
}
