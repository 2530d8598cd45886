// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>Registries that may be spoken to without TLS, or with a certificate that nobody vouches for.</summary>
/// <remarks>Exactly one of the two is there.</remarks>
/// <param name="Host"><c>host</c> or <c>host:port</c>, as in the names of images</param>
/// <param name="Network">every registry with an address in it</param>
internal sealed record InsecureRegistry(string? Host, IPNetwork? Network)
{
    private const string Want = "want a host, host:port or network such as 10.1.0.0/16";

    /// <summary>Null on success, else why the text names no registry.</summary>
    public static string? TryRead(string text, out InsecureRegistry? registry)
    {
        registry = null;
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return $"{Want}, without a scheme";
        }

        if (text.Contains('/', StringComparison.Ordinal))
        {
            string? reason = NetworkText.TryRead(text, out IPNetwork network);
            registry = reason is null ? new(null, network) : null;
            return reason;
        }

        if (ReferenceGrammar.RefuseRegistry(text) is { } refusal)
        {
            return $"{refusal}; {Want}";
        }

        registry = new(text, null);
        return null;
    }

    /// <summary>True when this entry is about the registry.</summary>
    /// <param name="registry">host and port, as in the names of images</param>
    /// <param name="addresses">those that the host's name leads to</param>
    public bool Covers(string registry, IReadOnlyList<IPAddress> addresses) => Network is { } network
        ? addresses.Any(network.Contains)
        : string.Equals(Host, registry, StringComparison.OrdinalIgnoreCase);

    /// <summary>As in the file.</summary>
    public override string ToString() => Host ?? Network.ToString()!;
}
