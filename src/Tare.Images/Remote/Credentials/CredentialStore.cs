// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote.Credentials;

/// <summary>What one user is known by at registries, kept where docker's config.json says: in it, or by helper programs.</summary>
/// <param name="file">which need not be there</param>
/// <param name="environment">NAME=value each, for helper programs</param>
internal sealed class CredentialStore(CredentialFile file, IReadOnlyList<string> environment)
{
    /// <summary>A helper may ask the user for a passphrase.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Null when the user is nobody there.</summary>
    /// <exception cref="TareException">InvalidArgument, PermissionDenied: the file; NotFound, FailedPrecondition …: a helper</exception>
    public Credential? Find(string registry) =>
        HelperOf(registry) is { } helper ? helper.Get(RegistryKey.Of(registry)) : file.Find(registry);

    /// <summary>Null when a helper keeps it; else the file, in which it stands readable.</summary>
    public string? Store(string registry, Credential credential)
    {
        if (HelperOf(registry) is not { } helper)
        {
            file.Store(registry, credential);
            return file.Path;
        }
        helper.Store(RegistryKey.Of(registry), credential);
        file.Store(registry, null);
        return null;
    }

    /// <summary>True when there was something to forget.</summary>
    public bool Erase(string registry)
    {
        bool wasKept = HelperOf(registry)?.Erase(RegistryKey.Of(registry)) == true;
        return file.Erase(registry) || wasKept;
    }

    private CredentialProgram? HelperOf(string registry) =>
        file.HelperOf(registry) is { } name ? new CredentialProgram(name, environment, Patience) : null;
}
