// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>How a unix socket carries bytes.</summary>
internal enum SocketKind
{
    Stream = 1,
    Datagram = 2,

    /// <summary>Connected like a stream, with the borders of messages kept.</summary>
    Messages = 5,
}
