// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Images;
using Tare.Images.Remote;

namespace Tare.Engine.Registries;

/// <summary>How this engine speaks to registries: the administrator's configuration, the user's credentials.</summary>
internal static class RegistryAccess
{
    /// <summary>Reads the configuration; credentials are read when a registry wants some.</summary>
    public static RegistryOptions Of(TareEngine engine) => Of(engine.Configuration, () => engine.CredentialFile);

    /// <summary>As above, without an engine: for the registry server.</summary>
    public static RegistryOptions Of(EngineConfiguration configuration, Func<string?> credentials) => RegistryOptions.Default with
    {
        Credentials = registry => credentials() is { } path ? new CredentialFile(path).Find(registry) : null,
        IsInsecure = (registry, addresses) => configuration.InsecureRegistries.Any(each => each.Covers(registry, addresses)),
        Mirrors = registry => configuration.Mirrors.TryGetValue(registry, out IReadOnlyList<Uri>? mirrors) ? mirrors : [],
    };

    /// <summary>Fetches images into the engine's store.</summary>
    public static Pulling Pull(TareEngine engine, PullWatch watch) => new(engine.Images, Of(engine), watch);

    /// <summary>Sends images of the engine's store.</summary>
    public static Pushing Push(TareEngine engine, Action<ImageLayer, LayerStage, string?> told) => new(engine.Images, Of(engine), told);
}
