// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tare.Conformance;

/// <summary>A pull that dies in the middle of a layer, and the next one, which goes on.</summary>
public sealed class PullKilledTests : IDisposable
{
    private const int First = 3_000_000;
    private readonly TareBinary _tare = new();
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _ranges = [];
    private readonly ManualResetEventSlim _isCut = new();
    private readonly Dictionary<string, (byte[] Bytes, string Type)> _content = [];
    private readonly byte[] _layer;
    private readonly string _name;
    private volatile bool _stalls = true;

    public PullKilledTests()
    {
        _layer = SampleImages.Tar(("large", Convert.ToBase64String(RandomNumberGenerator.GetBytes(6_000_000))));
        byte[] config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{Digest(_layer)}}"] } }""");
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Digest(config)}}","size":{{config.Length}}},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{Digest(_layer)}}","size":{{_layer.Length}}}]}
            """);
        _content["/v2/app/manifests/1"] = (manifest, "application/vnd.oci.image.manifest.v1+json");
        _content["/v2/app/blobs/" + Digest(config)] = (config, "application/octet-stream");
        _content["/v2/app/blobs/" + Digest(_layer)] = (_layer, "application/octet-stream");
        int port = FreePort();
        _name = $"127.0.0.1:{port}/app:1";
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        new Thread(Listen) { IsBackground = true }.Start();
    }

    public void Dispose()
    {
        _listener.Close();
        _tare.Dispose();
        _isCut.Dispose();
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    public void The_next_pull_asks_for_the_rest_and_the_image_is_right(string signal)
    {
        using (Conversation pull = _tare.Start(TareBinary.Path, "pull", _name))
        {
            Assert.True(_isCut.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
            string part = $"part{Digest(_layer)["sha256:".Length..]}.blob";
            Subject.Await(() => new FileInfo($"{_tare.Root}/tmp/{part}") is { Exists: true, Length: > First - 300_000 }, () => "nothing was kept");
            pull.Signal(signal);
            pull.End();
        }

        Assert.Equal(1, _tare.Run("image", "inspect", _name).ExitCode);
        _tare.Run("system", "check", "--quick", "--repair");
        Assert.Equal(0, _tare.Run("system", "check", "--quick").ExitCode);
        _stalls = false;
        _ranges.Clear();
        _tare.Succeed("pull", _name);

        string range = Assert.Single(_ranges);
        Assert.InRange(int.Parse(range["bytes=".Length..].TrimEnd('-'), null), First - 300_000, First);
        Assert.Equal(_layer, File.ReadAllBytes($"{_tare.Root}/blobs/sha256/{Digest(_layer)["sha256:".Length..]}"));
        Assert.Empty(Directory.GetFileSystemEntries($"{_tare.Root}/tmp"));
    }

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Listen()
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = _listener.GetContext();
                new Thread(() => Answer(context)) { IsBackground = true }.Start();
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                // the test is over
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        try
        {
            HttpListenerResponse answer = context.Response;
            if (!_content.TryGetValue(context.Request.Url!.AbsolutePath, out (byte[] Bytes, string Type) found))
            {
                answer.StatusCode = 404;
                answer.Close();
                return;
            }

            ReadOnlySpan<byte> bytes = found.Bytes;
            bool isLayer = found.Bytes == _layer;
            if (isLayer)
            {
                string? range = context.Request.Headers["Range"];
                _ranges.Enqueue(range ?? "all");
                if (range is not null)
                {
                    int start = int.Parse(range["bytes=".Length..].TrimEnd('-'), null);
                    answer.StatusCode = 206;
                    answer.AddHeader("Content-Range", $"bytes {start}-{bytes.Length - 1}/{bytes.Length}");
                    bytes = bytes[start..];
                }
            }

            answer.ContentType = found.Type;
            answer.ContentLength64 = bytes.Length;
            if (isLayer && _stalls)
            {
                answer.OutputStream.Write(bytes[..First]);
                answer.OutputStream.Flush();
                _isCut.Set();
                Thread.Sleep(TimeSpan.FromMinutes(1));
                return;
            }

            answer.OutputStream.Write(bytes);
            answer.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // the client is dead, as it should be
        }
    }
}
