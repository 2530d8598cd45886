// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Engine.Registries;

/// <summary>Makes a user known at a registry, and forgets that again.</summary>
internal static class RegistryLogin
{
    /// <summary>Keeps the credential when the registry takes it.</summary>
    /// <returns>the file in which it stands readable; null when a helper keeps it</returns>
    /// <exception cref="TareException">Unauthenticated, Unavailable …; what keeping it may throw</exception>
    public static async Task<string?> LoginAsync(RegistryUser user, string registry, Credential given, CancellationToken ct)
    {
        CredentialStore store = StoreOf(user);
        Credential kept = await Login.CheckAsync(registry, given, RegistryAccess.Of(user), ct);
        return store.Store(registry, kept);
    }

    /// <summary>Asks with what is kept already; null when that is nothing.</summary>
    /// <exception cref="TareException">as above</exception>
    public static async Task<Credential?> LoginAgainAsync(RegistryUser user, string registry, CancellationToken ct)
    {
        if (StoreOf(user).Find(registry) is not { } known)
        {
            return null;
        }

        await Login.CheckAsync(registry, known, RegistryAccess.Of(user), ct);
        return known;
    }

    /// <summary>True when there was something to forget.</summary>
    public static bool Logout(RegistryUser user, string registry) => StoreOf(user).Erase(registry);

    private static CredentialStore StoreOf(RegistryUser user) => RegistryAccess.Credentials(user)
        ?? throw new TareException(
            ErrorKind.FailedPrecondition, "nowhere to keep credentials: HOME is not set", "set HOME or DOCKER_CONFIG");
}
