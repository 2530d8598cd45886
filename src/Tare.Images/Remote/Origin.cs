// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>Who is spoken to: scheme, host and port. Credentials belong to exactly one.</summary>
/// <remarks>RFC 6454 §4.</remarks>
/// <param name="Scheme">http or https</param>
/// <param name="Host">lower case; an IPv6 address without brackets</param>
/// <param name="Port">1 to 65535</param>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static Origin Of(Uri address) => new(address.Scheme, address.IdnHost.ToLowerInvariant(), address.Port);

    /// <summary>True when nobody between can read or change what is said.</summary>
    public bool IsSecure => Scheme == Uri.UriSchemeHttps;

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"{Scheme}://[{Host}]:{Port}" : $"{Scheme}://{Host}:{Port}";
}
