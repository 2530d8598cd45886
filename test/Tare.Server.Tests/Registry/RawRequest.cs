// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace Tare.Server.Tests.Registry;

/// <summary>A request that no HTTP library would send.</summary>
internal static class RawRequest
{
    /// <summary>Sends the text; answers all that comes until the server closes.</summary>
    public static async Task<string> SendAsync(Served served, string request)
    {
        using Socket socket = await ConnectAsync(served);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<Socket> ConnectAsync(Served served)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(served.Server.Address, TestContext.Current.CancellationToken);
        return socket;
    }
}
