// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Tare.Engine.Networks;

/// <summary>Addresses as users write them: four decimal numbers, or IPv6 without a zone.</summary>
/// <remarks>The class library also reads <c>1.2</c>, <c>0x7f.1</c> and <c>010.0.0.1</c> (octal): what was meant is anybody's guess.</remarks>
internal static class AddressText
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address) => IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId == 0 && !text.Contains('%', StringComparison.Ordinal) : address.ToString() == text);
}
