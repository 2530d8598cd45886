// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tare.Oci;

namespace Tare.Server.Tests.Registry;

public sealed class ServingTests
{
    [Fact]
    public async Task Metrics_count_and_the_log_has_a_line_for_each_request()
    {
        await using Served served = await Served.StartAsync();
        await served.PushImageAsync("app", "v1");
        await served.GetAsync("/v2/app/manifests/%0Aforged%22line");

        string metrics = await served.TextAsync("/metrics");
        Assert.Contains("tare_registry_requests_total{method=\"POST\",code=\"201\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\"PUT /v2/app/manifests/v1\" 201 0 ", served.Log.ToString(), StringComparison.Ordinal);
        Assert.All(served.Log.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("20", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_proves_the_name_that_the_certificate_has()
    {
        string folder = Directory.CreateTempSubdirectory("tare-tls-").FullName;
        using ECDsa key = ECDsa.Create();
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string certificate = Path.Combine(folder, "c.pem");
        string keyFile = Path.Combine(folder, "k.pem");
        await File.WriteAllTextAsync(certificate, made.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);

        await using (Served served = await Served.StartAsync(
            change: options => options with { Certificate = certificate, Key = keyFile }))
        {
            using Socket socket = await RawRequest.ConnectAsync(served);
            using NetworkStream plain = new(socket);
            using SslStream tls = new(plain, false, (_, shown, _, _) => shown!.GetCertHashString() == made.GetCertHashString());
            await tls.AuthenticateAsClientAsync("localhost");
            await tls.WriteAsync(
                Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
                TestContext.Current.CancellationToken);
            using StreamReader reader = new(tls);
            Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        await Assert.ThrowsAsync<TareException>(() => Served.StartAsync(
            change: options => options with { Certificate = keyFile, Key = certificate }));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told()
    {
        await using Served served = await Served.StartAsync();
        TareException refused = await Assert.ThrowsAsync<TareException>(() => Served.StartAsync(
            served.Folder, options => options with { Address = served.Server.Address }));

        Assert.Contains(served.Server.Address.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        await using Served served = await Served.StartAsync();
        string answer = await RawRequest.SendAsync(
            served, "GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Long: " + new string('a', 20 << 10) + "\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ring", "prove")]
    public async Task A_body_that_drips_is_cut_off()
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        string answer = await RawRequest.SendAsync(
            served, $"PATCH {upload} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n01234");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await served.GetAsync(upload)).StatusCode);
    }
}
