// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tare.Conformance.PowerCut;

/// <summary>Two engines' stores and a registry's storage on one file system.</summary>
/// <param name="tare">runs the commands</param>
/// <param name="disk">where the file system is mounted</param>
/// <param name="run">a folder for what a restart of the machine ends</param>
internal sealed class CrashStores(TareBinary tare, string disk, string run)
{
    private const string ManifestTypes = "application/vnd.oci.image.manifest.v1+json";
    private const string DockerTypes = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>The names of the two engines' stores.</summary>
    public static readonly string[] Engines = ["here", "served"];

    public string Storage => $"{disk}/registry";

    /// <summary>The command with one of the stores.</summary>
    public string[] Words(string engine, params string[] args) => ["--root", $"{disk}/{engine}", "--run", $"{run}/{engine}", .. args];

    public Outcome Run(string engine, params string[] args) => tare.Run(Words(engine, args));

    public void Succeed(string engine, params string[] args) => tare.Succeed(Words(engine, args));

    /// <summary>A server of the storage, or of an engine's store.</summary>
    public (Conversation Server, string Address) Serve(params string[] words)
    {
        Conversation server = tare.Start(TareBinary.Path, words);
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        return (server, server.Said[from..].Trim());
    }

    public (Conversation Server, string Address) ServeStorage() =>
        Serve("registry", "serve", "--addr", "127.0.0.1:0", "--gc-interval", "0", "--storage", Storage);

    /// <summary>What the names of an engine lead to: <c>here app:1</c> to the image's id, <c>here ID</c> to itself where it has no name.</summary>
    public Dictionary<string, string> Images(string engine)
    {
        Outcome images = Run(engine, "images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}");
        Assert.True(images.ExitCode == 0, $"{engine}: images: {images.ExitCode}: {images.Error}");
        return images.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => $"{engine} {(words[0].StartsWith('<') ? words[1] : words[0])}", words => words[1]);
    }

    /// <summary>What the registry's tags lead to, <c>registry app:1</c> to the manifest's digest; every blob that they need was read and is right.</summary>
    public static async Task<Dictionary<string, string>> Tags(string address)
    {
        using HttpClient client = new() { BaseAddress = new($"http://{address}/v2/") };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(ManifestTypes));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(DockerTypes));
        Dictionary<string, string> found = [];
        foreach (string repository in Strings(await Get("_catalog"), "repositories"))
        {
            foreach (string tag in Strings(await Get($"{repository}/tags/list"), "tags"))
            {
                byte[] manifest = await Get($"{repository}/manifests/{tag}");
                found[$"registry {repository}:{tag}"] = Digest(manifest);
                using JsonDocument parsed = JsonDocument.Parse(manifest);
                foreach (JsonElement blob in parsed.RootElement.GetProperty("layers").EnumerateArray().Append(parsed.RootElement.GetProperty("config")))
                {
                    string digest = blob.GetProperty("digest").GetString()!;
                    Assert.Equal(digest, Digest(await Get($"{repository}/blobs/{digest}")));
                }
            }
        }

        return found;

        async Task<byte[]> Get(string path)
        {
            using HttpResponseMessage answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode}");
            return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }
    }

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string[] Strings(byte[] json, string key)
    {
        using JsonDocument parsed = JsonDocument.Parse(json);
        JsonElement list = parsed.RootElement.GetProperty(key);
        return list.ValueKind == JsonValueKind.Null ? [] : [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }
}
