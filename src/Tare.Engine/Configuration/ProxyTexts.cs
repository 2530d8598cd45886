// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>Proxies as the file names them; what is not said is left to the environment.</summary>
/// <param name="Http">for registries without TLS</param>
/// <param name="Https">for all others</param>
/// <param name="Direct">who is asked without one</param>
internal sealed record ProxyTexts(string? Http, string? Https, string? Direct)
{
    /// <summary>Nothing is said.</summary>
    public static ProxyTexts None { get; } = new(null, null, null);
}
