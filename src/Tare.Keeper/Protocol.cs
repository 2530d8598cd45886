// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>What keepers and their clients agree on.</summary>
/// <remarks>
/// <para>A connection is a stream of frames: kind (1 byte), three zero bytes, length (32 bits, little-endian),
/// payload. Numbers in payloads are little-endian.</para>
/// <para>A keeper outlives the binary that started it, so clients speak the version that its greeting names; a keeper
/// answers a frame that it does not know with <see cref="FrameKind.Answer"/> ENOSYS and goes on.</para>
/// </remarks>
internal static class Protocol
{
    public const int Version = 2;

    /// <summary>Of the file <see cref="StateName"/>.</summary>
    public const int StateVersion = 1;

    /// <summary>Of the file <see cref="ExitName"/> and of the frame of an exit.</summary>
    public const int ExitVersion = 1;

    /// <summary>Kind, padding, length.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Bytes of one payload.</summary>
    public const int MaxPayload = 32 * 1024;

    /// <summary>Bytes of standard input that a client may send before the keeper says that they were taken.</summary>
    public const int InputWindow = 64 * 1024;

    /// <summary>Descriptors that a client may have sent before the frame that they belong to.</summary>
    public const int MaxFds = 64;

    /// <summary>Connections to one keeper at a time.</summary>
    public const int MaxClients = 128;

    /// <summary>The socket in the run folder.</summary>
    public static ReadOnlySpan<byte> SocketName => "ctl"u8;

    /// <summary>The record of the exit in the run folder.</summary>
    public static ReadOnlySpan<byte> ExitName => "exit"u8;

    /// <summary>Who the container is, locked by its keeper; in the run folder.</summary>
    public static ReadOnlySpan<byte> StateName => "state"u8;

    /// <summary>The starter's connection, at a keeper's birth the only descriptor beside 0 to 2.</summary>
    public const int StartFd = 3;
}
