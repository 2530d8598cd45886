// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access.Tokens;

/// <summary>What tokens are checked with.</summary>
internal interface ITokenKey
{
    /// <summary>True when the signature is ours, by an algorithm that the key has: what a token says of itself decides nothing.</summary>
    bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
