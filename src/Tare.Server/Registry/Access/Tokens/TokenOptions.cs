// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access.Tokens;

/// <summary>How callers prove with tokens who they are.</summary>
internal sealed record TokenOptions
{
    public const string DefaultService = "tare-registry";

    /// <summary>Where clients get tokens; null for this server's own <c>/token</c>, by the name that the client calls it.</summary>
    public string? Realm { get; init; }

    /// <summary>What tokens have to be for.</summary>
    public string Service { get; init; } = DefaultService;

    /// <summary>Who has to have made them; null for this server.</summary>
    public string? Issuer { get; init; }

    /// <summary>A PEM file of the public keys of another issuer; null when this server makes the tokens.</summary>
    public string? PublicKeys { get; init; }

    /// <summary>A file with the secret of this server's own tokens; null for one that ends with the process.</summary>
    public string? Secret { get; init; }
}
