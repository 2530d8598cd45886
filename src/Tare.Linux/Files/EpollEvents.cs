// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>What to wait for; Error and HangUp come unasked.</summary>
/// <remarks>man epoll_ctl(2)</remarks>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x001,
    Priority = 0x002,
    Writable = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    PeerClosed = 0x2000,
}
