// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Answers the host itself for the names of all containers of a store, at an address of the loopback network.</summary>
/// <remarks>Until somebody asks it is two sockets. It knows <see cref="HostZone"/> and addresses of containers, and asks nobody.</remarks>
internal sealed class HostNameServer : IDisposable
{
    /// <summary>The usual one, then one for hosts where somebody has that at every address.</summary>
    private static readonly ushort[] Ports = [53, 5354];

    private readonly Loop _loop;
    private readonly NameFiles _all;
    private Fd? _udp;
    private Fd? _tcp;
    private Watch? _udpWatch;
    private Watch? _tcpWatch;
    private NameServer? _server;

    /// <param name="loop">lent</param>
    /// <param name="run">the store's run folder</param>
    /// <param name="address">of the loopback network, as text</param>
    public HostNameServer(Loop loop, string run, string address)
    {
        (_loop, _all) = (loop, new NameFiles($"{run}/networks", TimeProvider.System));
        if (!InetAddress.TryParse(Encoding.ASCII.GetBytes(address), out InetAddress at))
        {
            return;
        }

        foreach (ushort port in Ports)
        {
            if (TryOpen(new InetEnd(at, port)))
            {
                Port = port;
                break;
            }
        }
    }

    /// <summary>0: all are taken, and nobody is answered.</summary>
    public int Port { get; }

    public void Dispose()
    {
        StopWaiting();
        _udp?.Dispose();
        _tcp?.Dispose();
        _server?.Dispose();
    }

    private bool TryOpen(InetEnd end)
    {
        try
        {
            _udp = InetSocket.BindDatagram(end);
            _tcp = InetSocket.Listen(end);
            _udpWatch = Wait(_udp);
            _tcpWatch = Wait(_tcp);
            return true;
        }
        catch (LinuxException)
        {
            StopWaiting();
            _udp?.Dispose();
            _tcp?.Dispose();
            (_udp, _tcp) = (null, null);
            return false;
        }
    }

    private Watch Wait(Fd socket)
    {
        Watch watch = _loop.Watch(socket, _ => Begin());
        watch.Wanted = EpollEvents.Readable;
        return watch;
    }

    /// <summary>Somebody asks for the first time; who it is, the server finds in the sockets.</summary>
    private void Begin()
    {
        if (_server is null)
        {
            StopWaiting();
            _server = new NameServer(_loop, all: _all);
            _server.Set(new NameOrder(), [], _udp, _tcp);
            (_udp, _tcp) = (null, null);
        }
    }

    private void StopWaiting()
    {
        _udpWatch?.Remove();
        _tcpWatch?.Remove();
        (_udpWatch, _tcpWatch) = (null, null);
    }
}
