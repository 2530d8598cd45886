// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote.Credentials;

/// <summary>What a user proves to one registry who they are with.</summary>
/// <param name="User">the name; empty beside an identity token</param>
/// <param name="Secret">the password or the identity token; never printed</param>
/// <param name="IsIdentityToken">true when the secret is to be exchanged for access tokens (OAuth 2 refresh token)</param>
internal sealed record Credential(string User, string Secret, bool IsIdentityToken = false)
{
    /// <summary>Never the secret: records print themselves into messages too easily.</summary>
    public override string ToString() => $"credential of {User}";
}
