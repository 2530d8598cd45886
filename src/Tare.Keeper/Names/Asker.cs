// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Who gets the answer to a query.</summary>
/// <param name="End">whose datagram it was</param>
/// <param name="Stream">the connection that it came over; null: it was a datagram</param>
internal readonly record struct Asker(InetEnd End, StreamAsker? Stream);
