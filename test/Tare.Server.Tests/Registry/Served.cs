// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tare.Server.Registry;

namespace Tare.Server.Tests.Registry;

/// <summary>A registry on a free port of the loopback over a folder of its own, and a client.</summary>
public sealed class Served : IAsyncDisposable
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly bool _ownsFolder;

    private Served(string folder, RegistryServer server, StringWriter log, bool ownsFolder)
    {
        Folder = folder;
        Server = server;
        Log = log;
        _ownsFolder = ownsFolder;
        Client = new() { BaseAddress = new($"http://{server.Address}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public string Folder { get; }

    internal RegistryServer Server { get; }

    public StringWriter Log { get; }

    public HttpClient Client { get; }

    internal static async Task<Served> StartAsync(
        string? folder = null, Func<RegistryOptions, RegistryOptions>? change = null, TimeProvider? time = null)
    {
        string path = folder ?? Directory.CreateTempSubdirectory("tare-registry-").FullName;
        RegistryOptions options = new(new(IPAddress.Loopback, 0), path);
        StringWriter log = new();
        try
        {
            RegistryServer server = await RegistryServer.StartAsync(
                change?.Invoke(options) ?? options, log, time ?? TimeProvider.System);
            return new(path, server, log, folder is null);
        }
        catch when (folder is null)
        {
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Sends one request with a body, perhaps with headers of the content.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Uploads a blob; answers its digest.</summary>
    public async Task<string> PushBlobAsync(string repository, byte[] bytes)
    {
        string digest = DigestOf(bytes);
        using HttpResponseMessage pushed =
            await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/?digest={digest}", bytes);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return digest;
    }

    /// <summary>Starts an upload; answers its path.</summary>
    public async Task<string> StartUploadAsync(string repository)
    {
        using HttpResponseMessage started = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal("0-0", Header(started, "Range"));
        return started.Headers.Location!.ToString();
    }

    /// <summary>Uploads config and layer and a manifest of them; answers its bytes.</summary>
    public async Task<byte[]> PushImageAsync(
        string repository, string reference, string content = "layer", string more = "")
    {
        byte[] config = Encoding.UTF8.GetBytes("{}");
        byte[] layer = Encoding.UTF8.GetBytes(content);
        await PushBlobAsync(repository, config);
        await PushBlobAsync(repository, layer);
        byte[] manifest = Manifest(config, layer, more);
        using HttpResponseMessage put = await PutManifestAsync(repository, reference, manifest);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(DigestOf(manifest), Header(put, "Docker-Content-Digest"));
        return manifest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(
        string repository, string reference, byte[] bytes, string type = ManifestType) =>
        SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", bytes, ("Content-Type", type));

    public static byte[] Manifest(byte[] config, byte[] layer, string more = "") => Encoding.UTF8.GetBytes($$"""
        {
          "schemaVersion": 2, "mediaType": "{{ManifestType}}", {{more}}
          "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{DigestOf(config)}}", "size": {{config.Length}}},
          "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "{{DigestOf(layer)}}", "size": {{layer.Length}}}]
        }
        """);

    public Task<HttpResponseMessage> GetAsync(string path) =>
        Client.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A header of the answer or of its content; empty when it is not there.</summary>
    public static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values)
        || response.Content.Headers.TryGetValues(name, out values) ? string.Join(',', values) : "";

    /// <summary>The code of the error, which must be one of the specification's form.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(text);
        return document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!;
    }

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
