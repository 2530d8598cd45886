// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote.Credentials;

/// <summary>Under which names docker files a registry. They were addresses once: scheme and path do not count.</summary>
internal static class RegistryKey
{
    /// <summary>docker.io's, which is no address of it any more.</summary>
    public const string Hub = "https://index.docker.io/v1/";

    private const string HubName = "docker.io";

    /// <summary>The name for one that is filed anew.</summary>
    public static string Of(string registry) => registry == HubName ? Hub : registry;

    /// <summary>The registry, <c>host[:port]</c> as in the names of images, that a key or what a user wrote means.</summary>
    public static string RegistryOf(string key)
    {
        string rest = WithoutScheme(key);
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        return host is "index.docker.io" or "registry-1.docker.io" ? HubName : host;
    }

    /// <summary>True when all credentials of the registry are filed so, not those of a path on it alone (podman's).</summary>
    public static bool IsWhole(string key, string registry) => key == Of(registry)
        || (RegistryOf(key) == registry && (WithoutScheme(key) != key || !key.Contains('/', StringComparison.Ordinal)));

    /// <summary>What a user calls a registry on the command line; nothing is docker.io.</summary>
    /// <exception cref="TareException">InvalidArgument: it is none</exception>
    public static string Parse(string? server)
    {
        string registry = string.IsNullOrEmpty(server) ? HubName : RegistryOf(server);
        return ReferenceGrammar.RefuseRegistry(registry) is { } reason
            ? throw new TareException(ErrorKind.InvalidArgument, $"{Quoted.Text(server)} is not a registry: {reason}")
            : registry;
    }

    private static string WithoutScheme(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? key : key[(scheme + 3)..];
    }
}
