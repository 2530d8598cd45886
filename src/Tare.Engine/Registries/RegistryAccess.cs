// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Images;
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;

namespace Tare.Engine.Registries;

/// <summary>How this engine speaks to registries: the administrator's configuration, the user's credentials.</summary>
internal static class RegistryAccess
{
    private const string CertificateFolder = "/etc/docker/certs.d";

    /// <summary>Reads the configuration; credentials are read when a registry wants some.</summary>
    public static RegistryOptions Of(TareEngine engine) =>
        Of(new RegistryUser(engine.Configuration, engine.CredentialFile, engine.Environment));

    /// <inheritdoc cref="Of(TareEngine)"/>
    public static RegistryOptions Of(RegistryUser user)
    {
        EngineConfiguration configuration = user.Configuration;
        return RegistryOptions.Default with
        {
            Credentials = registry => Credentials(user)?.Find(registry),
            IsInsecure = (registry, addresses) => configuration.InsecureRegistries.Any(each => each.Covers(registry, addresses)),
            Mirrors = registry => configuration.Mirrors.TryGetValue(registry, out IReadOnlyList<Uri>? mirrors) ? mirrors : [],
            Certificates = registry => CertificatesOf(configuration, registry),
            Proxy = ProxyOf(user),
        };
    }

    /// <summary>docker's folder and the configuration together.</summary>
    private static RegistryCertificates CertificatesOf(EngineConfiguration configuration, string registry)
    {
        var found = RegistryCertificates.OfFolder($"{CertificateFolder}/{registry}");
        return configuration.Certificates.TryGetValue(registry, out CertificateFiles? files)
            ? found.With(RegistryCertificates.OfFiles(files.Authority, files.Certificate, files.Key))
            : found;
    }

    /// <summary>As docker's: what the configuration says goes before the environment, each value for itself.</summary>
    private static ProxyChoice ProxyOf(RegistryUser user)
    {
        ProxyTexts said = user.Configuration.Proxies;
        return new(
            said.Http ?? Variable(user, "HTTP_PROXY"), said.Https ?? Variable(user, "HTTPS_PROXY"), said.Direct ?? Variable(user, "NO_PROXY"));
    }

    /// <summary>In capitals or, as most tools take it too, without.</summary>
    private static string? Variable(RegistryUser user, string name)
    {
        string? Find(string prefix) => user.Environment.LastOrDefault(e => e.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return Find(name + "=") is { Length: > 0 } value ? value : Find(name.ToLowerInvariant() + "=");
    }

    /// <summary>What the user is known by; null for a user without a home.</summary>
    public static CredentialStore? Credentials(RegistryUser user) =>
        user.CredentialFile is { } path ? new CredentialStore(new CredentialFile(path), user.Environment) : null;

    /// <summary>Fetches images into the engine's store.</summary>
    /// <param name="engine">whose store</param>
    /// <param name="watch">told how it comes along</param>
    /// <param name="whole">indexes whole, with all their platforms</param>
    public static Pulling Pull(TareEngine engine, PullWatch watch, bool whole = false) =>
        new(engine.Images, Of(engine), watch) { TakesWhole = whole };

    /// <summary>Sends images of the engine's store.</summary>
    public static Pushing Push(
        TareEngine engine, Action<ImageLayer, LayerStage, string?> told, Action<ImageLayer, long>? moved = null) =>
        new(engine.Images, Of(engine), told) { Moved = moved };
}
