// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Ssh;

/// <summary>A private key that signs for whoever asks the agent that holds it.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal abstract class SshKey : IDisposable
{
    /// <summary>The public key as ssh sends it: its algorithm and its numbers.</summary>
    public abstract byte[] PublicBlob { get; }

    /// <summary>A signature as ssh sends it; null when such a one is not given.</summary>
    /// <param name="data">what is signed</param>
    /// <param name="flags">of the request</param>
    public abstract byte[]? Sign(ReadOnlySpan<byte> data, SignFlags flags);

    public abstract void Dispose();
}

/// <summary>Which hash is wanted of a key of RSA.</summary>
/// <remarks>draft-ietf-sshm-ssh-agent §3.6.1.</remarks>
[Flags]
internal enum SignFlags : uint
{
    None = 0,
    RsaSha256 = 2,
    RsaSha512 = 4,
}
