// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tare.Conformance.Build;

/// <summary>A server on loopback for the files of a folder; its root says hello.</summary>
internal sealed class WebFolder : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;
    private readonly Task _serving;

    public WebFolder(string folder)
    {
        _folder = folder;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://{free.LocalEndpoint}";
        }

        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                string path = _folder + context.Request.Url!.AbsolutePath;
                bool isRoot = context.Request.Url.AbsolutePath == "/";
                byte[] bytes = isRoot ? "hello\n"u8.ToArray() : File.Exists(path) ? await File.ReadAllBytesAsync(path) : [];
                context.Response.StatusCode = isRoot || File.Exists(path) ? 200 : 404;
                context.Response.ContentLength64 = bytes.Length;
                if (context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(bytes);
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // the end, or a client that is gone
        }
    }
}
