// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Tare.Build.Ssh;

/// <summary>What an agent answers: it tells its keys and signs with them. All else, adding, removing, locking, extensions,
/// is a failure, whoever asks.</summary>
/// <remarks>draft-ietf-sshm-ssh-agent; messages without their length.</remarks>
internal static class AgentProtocol
{
    /// <summary>Bytes of a message; OpenSSH's bound.</summary>
    public const int MaxMessage = 256 << 10;

    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;

    /// <summary>SSH_AGENT_FAILURE.</summary>
    public static byte[] Failure => [5];

    /// <summary>True for what may be asked; another agent, which may do more, is never told the rest.</summary>
    public static bool IsAllowed(ReadOnlySpan<byte> request) => request is [RequestIdentities] or [SignRequest, ..];

    /// <summary>The answer of an agent with these keys.</summary>
    public static byte[] Answer(IReadOnlyList<SshKey> keys, ReadOnlySpan<byte> request)
    {
        try
        {
            return request switch
            {
                [RequestIdentities] => Identities(keys),
                [SignRequest, ..] => Signed(keys, request[1..]),
                _ => Failure,
            };
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return Failure;
        }
    }

    private static byte[] Identities(IReadOnlyList<SshKey> keys)
    {
        SshWriter writer = new SshWriter().Byte(IdentitiesAnswer).UInt32((uint)keys.Count);
        foreach (SshKey key in keys)
        {
            // no comment: it tells who made the key, and where
            writer.String(key.PublicBlob).String([]);
        }

        return writer.ToArray();
    }

    private static byte[] Signed(IReadOnlyList<SshKey> keys, ReadOnlySpan<byte> request)
    {
        SshReader reader = new(request);
        ReadOnlySpan<byte> blob = reader.String();
        ReadOnlySpan<byte> data = reader.String();
        var flags = (SignFlags)reader.UInt32();
        if (!reader.IsAtEnd)
        {
            return Failure;
        }

        foreach (SshKey key in keys)
        {
            if (blob.SequenceEqual(key.PublicBlob))
            {
                return key.Sign(data, flags) is { } signature ? new SshWriter().Byte(SignResponse).String(signature).ToArray() : Failure;
            }
        }

        return Failure;
    }
}
