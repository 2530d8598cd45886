// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>What tells one sender of datagrams from another.</summary>
/// <param name="Relay">the published port</param>
/// <param name="Client">who sends</param>
/// <param name="Local">to which address of the host: the answers come from there</param>
internal readonly record struct UdpFlowKey(UdpRelay Relay, InetEnd Client, InetAddress Local);
