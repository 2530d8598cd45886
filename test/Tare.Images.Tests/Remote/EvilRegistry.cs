// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Tare.Images.Tests.Remote;

/// <summary>A server on loopback that answers as a test wishes, right or wrong; one request for each connection.</summary>
internal sealed class EvilRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];

    public EvilRegistry(Func<EvilRequest, EvilAnswer> script)
    {
        Script = script;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public Func<EvilRequest, EvilAnswer> Script { get; set; }

    /// <summary>After how many bytes of its body a request is broken off; it is shown to the script nevertheless.</summary>
    public Func<EvilRequest, int?> BreaksAfter { get; set; } = static _ => null;

    /// <summary>How it speaks TLS; null: not at all.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>As a proxy: the port on this machine to which a tunnel leads, wherever it was wanted to.</summary>
    public int? TunnelPort { get; init; }

    /// <summary>As a proxy: a request without proof gets the script's answer, not a tunnel.</summary>
    public bool WantsProof { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<EvilRequest> Seen { get; } = [];

    /// <summary>As in the names of images.</summary>
    public string Name => $"127.0.0.1:{Port}";

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            _clients.Add(client);
            _ = Task.Factory.StartNew(() => Serve(client), TaskCreationOptions.LongRunning);
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                using Stream stream = Open(client);
                if (Read(stream) is { } request)
                {
                    Seen.Enqueue(request);
                    if (request.Method == "CONNECT" && TunnelPort is { } port && !(WantsProof && !request.Headers.ContainsKey("proxy-authorization")))
                    {
                        Tunnel(stream, port);
                        return;
                    }
                    EvilAnswer answer = Script(request);
                    if (request.IsBroken)
                    {
                        return;
                    }
                    answer.WriteTo(stream, request.Method != "HEAD");
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // the client has enough of it
        }
    }

    private Stream Open(TcpClient client)
    {
        if (Tls is null)
        {
            return client.GetStream();
        }
        var stream = new SslStream(client.GetStream());
        stream.AuthenticateAsServer(Tls);
        return stream;
    }

    private static void Tunnel(Stream stream, int port)
    {
        using var target = new TcpClient("127.0.0.1", port);
        stream.Write("HTTP/1.1 200 OK\r\n\r\n"u8);
        using NetworkStream inside = target.GetStream();
        Task.WaitAny(inside.CopyToAsync(stream), stream.CopyToAsync(inside));
    }

    /// <summary>Null for what is no HTTP, such as the beginning of TLS.</summary>
    private EvilRequest? Read(Stream stream)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0 || (text.Length == 0 && next == 0x16))
            {
                return null;
            }
            text.Append((char)next);
        }
        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] words = lines[0].Split(' ');
        Dictionary<string, string> headers = lines[1..].ToDictionary(
            static l => l[..l.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(),
            static l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        // to close with something unread would break the connection under the answer
        var request = new EvilRequest(words[0], words[1], headers);
        int? breaksAfter = BreaksAfter(request);
        byte[] body = new byte[breaksAfter ?? int.Parse(headers.GetValueOrDefault("content-length", "0"), null)];
        stream.ReadExactly(body);
        return request with { Body = body, IsBroken = breaksAfter is not null };
    }
}
