// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Asks a registry whether it knows somebody.</summary>
/// <remarks>distribution-spec v1.1 #determining-support: <c>/v2/</c> answers those who may pull something.</remarks>
internal static class Login
{
    /// <summary>What to keep: the credential, or the identity token that its token server gives for it.</summary>
    /// <exception cref="TareException">Unauthenticated; Unavailable; what else a registry may say</exception>
    public static async Task<Credential> CheckAsync(
        string registry, Credential given, RegistryOptions options, CancellationToken ct)
    {
        Credential kept = given;
        RegistryOptions asking = options with
        {
            Credentials = _ => given,
            TakeIdentityToken = token => kept = given with { Secret = token, IsIdentityToken = true },
        };
        try
        {
            using RegistryClient client = await RegistryClient.OpenAsync(
                await RegistryHost.FindAsync(registry, asking, ct), asking, ct);
            using HttpResponseMessage answer = await client.SendAsync(new RegistryRequest(HttpMethod.Get, "", ""), ct);
            return kept;
        }
        catch (TareException e) when (e.Kind == ErrorKind.Unauthenticated)
        {
            throw new TareException(ErrorKind.Unauthenticated, $"login {registry}: incorrect username or password", inner: e);
        }
        catch (TareException e)
        {
            throw new TareException(e.Kind, $"login {registry}: {e.Message}", e.Hint, e);
        }
    }
}
