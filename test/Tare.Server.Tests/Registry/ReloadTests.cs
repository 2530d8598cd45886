// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tare.Server.Tests.Registry;

public sealed class ReloadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-reload-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_password_counts_within_a_moment_and_the_old_one_does_not()
    {
        string users = Write("users", Users("alice", "old"));
        await using Served served = await Served.StartAsync(change: options => options with
        {
            Passwords = users,
            LookEvery = TimeSpan.FromMilliseconds(20),
        });
        Assert.Equal(HttpStatusCode.OK, await TryAsync(served, "alice", "old"));

        Write("users", Users("alice", "young") + Users("bob", "new"));
        for (int i = 0; i < 500 && await TryAsync(served, "alice", "young") != HttpStatusCode.OK; i++)
        {
            await Task.Delay(10, Ct);
        }

        Assert.Equal(HttpStatusCode.OK, await TryAsync(served, "alice", "young"));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(served, "bob", "new"));
        // it was remembered as right a moment ago
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(served, "alice", "old"));
    }

    [Theory]
    [InlineData("no password file\n")]
    [InlineData(null)]
    public async Task Files_that_break_or_go_leave_the_old_ones_in_force(string? broken)
    {
        string users = Write("users", Users("alice", "secret"));
        string rights = Write("rights", "alice app pull,push\n");
        await using Served served = await Served.StartAsync(change: options => options with { Passwords = users, Rights = rights });
        foreach (string path in new[] { users, rights })
        {
            if (broken is null)
            {
                File.Delete(path);
            }
            else
            {
                Write(Path.GetFileName(path), broken);
            }
        }

        served.Server.Look();

        Assert.Equal(HttpStatusCode.OK, await TryAsync(served, "alice", "secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(served, null, ""));
        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");
        Assert.Equal(HttpStatusCode.Forbidden, (await served.GetAsync("/v2/other/tags/list")).StatusCode);
        Assert.Contains("what was read before still counts", served.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_finds_an_open_door_while_files_change()
    {
        string users = Write("users", Users("alice", "secret"));
        await using Served served = await Served.StartAsync(change: options => options with { Passwords = users });
        using CancellationTokenSource stop = new();
        Task changing = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                // truncated first, as editors do
                File.WriteAllText(users, "");
                served.Server.Look();
                File.WriteAllText(users, i % 2 == 0 ? "broken\n" : Users("alice", "secret"));
                served.Server.Look();
            }
        }, Ct);

        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(served, null, ""));
        }

        await stop.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_new_connections()
    {
        string first = MakeCertificate();
        await using Served served = await Served.StartAsync(change: options => options with
        {
            Certificate = Path.Combine(_folder, "c.pem"),
            Key = Path.Combine(_folder, "k.pem"),
            LookEvery = TimeSpan.FromHours(1),
        });
        Assert.Equal(first, await ShownAsync(served));

        Write("k.pem", "half a key\n");
        served.Server.Look();
        Assert.Equal(first, await ShownAsync(served));
        string second = MakeCertificate();
        served.Server.Look();

        Assert.Equal(second, await ShownAsync(served));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> ShownAsync(Served served)
    {
        string? shown = null;
        using TcpClient plain = new();
        await plain.ConnectAsync(served.Server.Address, Ct);
        using SslStream tls = new(plain.GetStream(), false, (_, certificate, _, _) => (shown = certificate!.GetCertHashString()) is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        return shown!;
    }

    private static async Task<HttpStatusCode> TryAsync(Served served, string? user, string password)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v2/");
        request.Headers.Authorization = user is null ? null : Served.Basic(user, password);
        using HttpResponseMessage answer = await served.Client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private static string Users(string user, string password) =>
        $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, 4).Replace("$2a$", "$2y$", StringComparison.Ordinal)}\n";

    private string MakeCertificate()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("c.pem", made.ExportCertificatePem());
        Write("k.pem", key.ExportPkcs8PrivateKeyPem());
        return made.GetCertHashString();
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
