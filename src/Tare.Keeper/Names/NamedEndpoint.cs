// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>A container's place on a network, as others on it find it.</summary>
/// <param name="ContainerId">64 hex digits; it and its first 12 are names too</param>
/// <param name="V4">null: none</param>
/// <param name="V6">null: none</param>
/// <param name="Names">the container's name, then its aliases, which others may share</param>
internal sealed record NamedEndpoint(
    string ContainerId, InetAddress? V4, InetAddress? V6, IReadOnlyList<string> Names);
