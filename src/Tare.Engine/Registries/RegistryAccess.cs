// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Images;
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;

namespace Tare.Engine.Registries;

/// <summary>How this engine speaks to registries: the administrator's configuration, the user's credentials.</summary>
internal static class RegistryAccess
{
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
        };
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
