// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tare.Conformance;

/// <summary><c>tare registry serve</c> with the clients that people have: skopeo and podman of Debian.</summary>
public sealed class RegistryServeTests : RegistryCase
{
    [Fact]
    public void Skopeo_pushes_lists_copies_and_deletes()
    {
        (_, string address) = Serve();
        string layout = Layout();
        Skopeo("copy", "--dest-tls-verify=false", layout, $"docker://{address}/team/app:v1");
        Skopeo("copy", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{address}/team/app:v1", $"docker://{address}/other/app:v2");
        Skopeo("copy", "--src-tls-verify=false", $"docker://{address}/other/app:v2", $"dir:{Tare.Folder}/back");

        string digest = Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{address}/team/app:v1");
        Assert.Equal(digest, Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{address}/other/app:v2"));
        Assert.Equal(digest, Skopeo("inspect", "--format", "{{.Digest}}", $"dir:{Tare.Folder}/back"));
        Assert.Contains("\"v1\"", Skopeo("list-tags", "--tls-verify=false", $"docker://{address}/team/app"), StringComparison.Ordinal);
        Skopeo("delete", "--tls-verify=false", $"docker://{address}/team/app:v1");
        Assert.NotEqual(0, Run("skopeo", "inspect", "--tls-verify=false", $"docker://{address}/team/app:v1").ExitCode);
    }

    [Fact]
    public void Podman_pushes_and_pulls_what_tare_saved()
    {
        (_, string address) = Serve();
        string name = $"{address}/app:v1";
        // podman wants a path of 50 characters at most
        string folder = Directory.CreateDirectory($"/var/tmp/tare-podman-{Guid.NewGuid().ToString("N")[..8]}").FullName;
        string[] podman = ["--root", $"{folder}/root", "--runroot", $"{folder}/run", "--storage-driver", "vfs"];
        Skopeo("copy", "--dest-tls-verify=false", Layout(), $"docker://{name}");

        Succeed("podman", [.. podman, "pull", "-q", "--tls-verify=false", name]);
        Succeed("podman", [.. podman, "tag", name, $"{address}/again:v1"]);
        Succeed("podman", [.. podman, "push", "-q", "--tls-verify=false", $"{address}/again:v1"]);
        Succeed("podman", [.. podman, "rmi", "-a", "-f"]);
        Succeed("podman", [.. podman, "pull", "-q", "--tls-verify=false", $"{address}/again:v1"]);
        Succeed("podman", [.. podman, "rmi", "-a", "-f"]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_acknowledged_push_survives_a_kill_and_an_upload_goes_on()
    {
        (Conversation server, string address) = Serve();
        byte[] content = RandomNumberGenerator.GetBytes(3 << 20);
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        using HttpClient client = new();
        using HttpResponseMessage started = await client.PostAsync($"http://{address}/v2/app/blobs/uploads/", null, Cancelled);
        string path = started.Headers.Location!.ToString();
        using HttpResponseMessage chunk = await client.PatchAsync($"http://{address}{path}", Chunk(content, 0, 1 << 20), Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, chunk.StatusCode);
        server.Signal("KILL");
        server.End();

        (_, address) = Serve();
        using HttpResponseMessage put = await client.PutAsync(
            $"http://{address}{path}?digest={digest}", Chunk(content, 1 << 20, 2 << 20), Cancelled);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(content, await client.GetByteArrayAsync($"http://{address}/v2/app/blobs/{digest}", Cancelled));
    }

    [Fact]
    public void It_stops_when_asked_and_says_what_it_did()
    {
        (Conversation server, string address) = Serve();
        Skopeo("copy", "--dest-tls-verify=false", Layout(), $"docker://{address}/app:v1");
        server.Signal("TERM");
        Outcome outcome = server.End();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("\"PUT /v2/app/manifests/v1\" 201", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_are_asked_for()
    {
        string users = Path.Combine(Tare.Folder, "users");
        File.WriteAllText(users, "alice:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
        (_, string address) = Serve("--htpasswd", users);
        string layout = Layout();

        Assert.NotEqual(0, Run("skopeo", "copy", "--dest-tls-verify=false", layout, $"docker://{address}/app:v1").ExitCode);
        Assert.NotEqual(0, Run("skopeo", "copy", "--dest-tls-verify=false", "--dest-creds", "alice:wrong", layout, $"docker://{address}/app:v1").ExitCode);
        Skopeo("copy", "--dest-tls-verify=false", "--dest-creds", "alice:secret", layout, $"docker://{address}/app:v1");
    }

    [Fact]
    public void Skopeo_pushes_over_tls()
    {
        using ECDsa key = ECDsa.Create();
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string trusted = Directory.CreateDirectory(Path.Combine(Tare.Folder, "trusted")).FullName;
        string file = Path.Combine(trusted, "ca.crt");
        string keyFile = Path.Combine(Tare.Folder, "key.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        (_, string address) = Serve("--tls-cert", file, "--tls-key", keyFile);

        Skopeo("copy", "--dest-cert-dir", trusted, Layout(), $"docker://{address}/app:v1");
        Assert.NotEqual(0, Run("skopeo", "copy", Layout(), $"docker://{address}/app:v2").ExitCode);
    }

    [Fact]
    public void A_bad_command_line_is_told()
    {
        foreach ((string message, string[] args) in new[]
        {
            ("--tls-cert and --tls-key go together", (string[])["--tls-cert", "x"]),
            ("want an address and a port", ["--addr", "nowhere"]),
            ("line 1", ["--htpasswd", "/etc/hostname"]),
        })
        {
            Outcome outcome = Tare.Run(["registry", "serve", "--storage", Storage, .. args]);
            Assert.NotEqual(0, outcome.ExitCode);
            Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ByteArrayContent Chunk(byte[] content, int offset, int count)
    {
        ByteArrayContent chunk = new(content, offset, count);
        chunk.Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{offset + count - 1}");
        chunk.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return chunk;
    }
}
