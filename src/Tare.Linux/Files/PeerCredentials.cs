// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Who made the other end of a unix socket (connect, listen or socketpair), in our namespaces.</summary>
internal readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
