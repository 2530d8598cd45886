// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>Where a relay's clients are led to, and as whom.</summary>
/// <param name="Target">in the container</param>
/// <param name="IsTransparent">with the client's own address where that can work</param>
/// <param name="Subnets">whose addresses the container would answer past the host</param>
internal sealed record RelayRoute(InetEnd Target, bool IsTransparent, IReadOnlyList<InetNetwork> Subnets)
{
    /// <summary>A socket on its way to the target; a connection of a stream is decided when it becomes writable.</summary>
    /// <exception cref="LinuxException">ECONNREFUSED, EHOSTUNREACH, EMFILE …</exception>
    public Fd Connect(SocketKind kind, InetEnd client)
    {
        Fd socket = InetSocket.Create(Target.Address.IsV6, kind);
        try
        {
            if (Shows(client))
            {
                BindAs(socket, client);
            }

            if (kind == SocketKind.Stream)
            {
                InetSocket.SetForRelay(socket);
            }

            Errno error = InetSocket.TryConnect(socket, Target);
            return error is Errno.None or Errno.EINPROGRESS
                ? socket
                : throw new LinuxException(error, "connect", Target.ToString());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool Shows(InetEnd client)
    {
        bool can = IsTransparent && client.Address.IsV6 == Target.Address.IsV6
            && client.Address is { IsLoopback: false, IsLinkLocal: false };
        for (int i = 0; can && i < Subnets.Count; i++)
        {
            can = !Subnets[i].Contains(client.Address);
        }

        return can;
    }

    /// <summary>With the client's port if nobody has it, as is usual.</summary>
    private static void BindAs(Fd socket, InetEnd client)
    {
        InetSocket.SetTransparent(socket, client.Address.IsV6);
        if (InetSocket.TryBind(socket, client) != Errno.None)
        {
            InetSocket.Bind(socket, client with { Port = 0 });
        }
    }
}
