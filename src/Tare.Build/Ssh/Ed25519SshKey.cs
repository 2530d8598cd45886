// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cryptography;

namespace Tare.Build.Ssh;

/// <summary>A key of Ed25519.</summary>
/// <param name="key">owned</param>
/// <remarks>RFC 8709.</remarks>
internal sealed class Ed25519SshKey(Ed25519 key) : SshKey
{
    private static ReadOnlySpan<byte> Name => "ssh-ed25519"u8;

    public override byte[] PublicBlob { get; } = new SshWriter().String(Name).String(key.PublicKey()).ToArray();

    public override byte[]? Sign(ReadOnlySpan<byte> data, SignFlags flags) =>
        flags == SignFlags.None ? new SshWriter().String(Name).String(key.Sign(data)).ToArray() : null;

    public override void Dispose() => key.Dispose();
}
