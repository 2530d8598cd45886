// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Names;

/// <summary>A server of the world that does with each query what the test says, by UDP and TCP on the same port.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _script;
    private int _asked;

    /// <param name="script">from a query, and whether it came by TCP, to all that is sent back</param>
    public ScriptedServer(Func<byte[], bool, IEnumerable<byte[]>> script)
    {
        _script = script;
        (_udp, _tcp) = Open();
        _tcp.Listen();
        new Thread(ServeDatagrams) { IsBackground = true }.Start();
        new Thread(ServeStreams) { IsBackground = true }.Start();
    }

    public InetEnd End => InetEnd.Of((IPEndPoint)_udp.LocalEndPoint!);

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Where the queries came from.</summary>
    public List<int> Ports { get; } = [];

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    /// <summary>A port that is free for both.</summary>
    private static (Socket Udp, Socket Tcp) Open()
    {
        while (true)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private void ServeDatagrams()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                int length = _udp.ReceiveFrom(buffer, ref from);
                if (length == 0)
                {
                    // disposing wakes a receive with nothing
                    return;
                }

                Ports.Add(((IPEndPoint)from).Port);
                Interlocked.Increment(ref _asked);
                foreach (byte[] answer in _script(buffer[..length], false))
                {
                    _udp.SendTo(answer, from);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private void ServeStreams()
    {
        try
        {
            while (true)
            {
                using Socket socket = _tcp.Accept();
                Interlocked.Increment(ref _asked);
                if (Frames.Read(socket) is { } query)
                {
                    foreach (byte[] answer in _script(query, true))
                    {
                        socket.Send(Frames.Of(answer));
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    /// <summary>Messages over a stream.</summary>
    internal static class Frames
    {
        public static byte[] Of(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

        public static byte[]? Read(Socket socket)
        {
            byte[] length = new byte[2];
            if (!Fill(socket, length))
            {
                return null;
            }

            byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            return Fill(socket, message) ? message : null;
        }

        private static bool Fill(Socket socket, byte[] bytes)
        {
            for (int done = 0, n; done < bytes.Length; done += n)
            {
                n = socket.Receive(bytes.AsSpan(done));
                if (n == 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
