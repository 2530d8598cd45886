// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tare.Images.Remote.Credentials;
using Tare.Images.Remote;
using Tare.Server.Registry.Storage.Upstream;

namespace Tare.Server.Tests.Registry.Storage.Upstream;

public sealed class UpstreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_here_is_fetched_and_then_kept()
    {
        await using Served far = await Served.StartAsync();
        byte[] manifest = await far.PushImageAsync("team/app", "v1", "content");
        await using Served near = await CacheAsync(far);

        Assert.Equal(Encoding.UTF8.GetString(manifest), await near.TextAsync("/v2/team/app/manifests/v1"));
        Assert.Equal("content", await near.TextAsync($"/v2/team/app/blobs/{Digest("content")}"));
        Assert.Equal("""{"name":"team/app","tags":["v1"]}""", await near.TextAsync("/v2/team/app/tags/list"));
        Assert.Equal(HttpStatusCode.NotFound, (await near.GetAsync("/v2/team/app/manifests/v2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await near.GetAsync($"/v2/team/app/blobs/{Digest("nothing")}")).StatusCode);
    }

    [Fact]
    public async Task Without_the_other_registry_what_is_here_is_served()
    {
        Served far = await Served.StartAsync();
        byte[] manifest = await far.PushImageAsync("app", "v1", "content");
        await using Served near = await CacheAsync(far, tagLife: TimeSpan.Zero);
        Assert.Equal("content", await near.TextAsync($"/v2/app/blobs/{Digest("content")}"));
        Assert.Equal(Encoding.UTF8.GetString(manifest), await near.TextAsync("/v2/app/manifests/v1"));

        await far.DisposeAsync();

        Assert.Equal(Encoding.UTF8.GetString(manifest), await near.TextAsync("/v2/app/manifests/v1"));
        Assert.Equal("content", await near.TextAsync($"/v2/app/blobs/{Digest("content")}"));
        Assert.Equal("""{"name":"app","tags":["v1"]}""", await near.TextAsync("/v2/app/tags/list"));
        Assert.Equal(HttpStatusCode.BadGateway, (await near.GetAsync("/v2/app/manifests/v2")).StatusCode);
    }

    [Fact]
    public async Task A_tag_that_moved_is_seen_when_its_time_is_over()
    {
        FakeTime time = new();
        await using Served far = await Served.StartAsync();
        byte[] old = await far.PushImageAsync("app", "v1", "old");
        await using Served near = await CacheAsync(far, TimeSpan.FromMinutes(1), time: time);
        Assert.Equal(Encoding.UTF8.GetString(old), await near.TextAsync("/v2/app/manifests/v1"));

        byte[] young = await far.PushImageAsync("app", "v1", "young");

        Assert.Equal(Encoding.UTF8.GetString(old), await near.TextAsync("/v2/app/manifests/v1"));
        time.Now += TimeSpan.FromSeconds(61);
        Assert.Equal(Encoding.UTF8.GetString(young), await near.TextAsync("/v2/app/manifests/v1"));
    }

    [Fact]
    public async Task Many_who_want_one_blob_have_it_fetched_once_and_get_it_while_it_comes()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(8 << 20);
        TaskCompletionSource go = new();
        await using Far far = await Far.StartAsync(async http =>
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(0, 3 << 20));
            await http.Response.Body.FlushAsync();
            await go.Task;
            await http.Response.Body.WriteAsync(bytes.AsMemory(3 << 20));
        }, bytes.Length);
        await using Served near = await Served.StartAsync(change: options => options with { Upstream = Options(far.Address) });
        string path = $"/v2/app/blobs/{Served.DigestOf(bytes)}";

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            near.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct)));
        byte[] begin = new byte[1 << 20];
        foreach (HttpResponseMessage answer in answers)
        {
            Stream stream = await answer.Content.ReadAsStreamAsync(Ct);
            await stream.ReadExactlyAsync(begin, Ct);
            Assert.Equal(bytes[..(1 << 20)], begin);
        }

        go.SetResult();
        foreach (HttpResponseMessage answer in answers)
        {
            byte[] rest = new byte[7 << 20];
            await (await answer.Content.ReadAsStreamAsync(Ct)).ReadExactlyAsync(rest, Ct);
            Assert.Equal(bytes[(1 << 20)..], rest);
            answer.Dispose();
        }

        Assert.Equal(1, far.Gets);
        Assert.Equal(bytes, await (await near.GetAsync(path)).Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(1, far.Gets);
    }

    [Fact]
    public async Task A_wrong_blob_never_arrives_whole_and_is_not_kept()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(2 << 20);
        byte[] wrong = [.. bytes];
        wrong[^1] ^= 1;
        await using Far far = await Far.StartAsync(http => http.Response.Body.WriteAsync(wrong).AsTask(), bytes.Length);
        await using Served near = await Served.StartAsync(change: options => options with { Upstream = Options(far.Address) });

        using HttpResponseMessage answer =
            await near.Client.GetAsync($"/v2/app/blobs/{Served.DigestOf(bytes)}", HttpCompletionOption.ResponseHeadersRead, Ct);
        if (answer.IsSuccessStatusCode)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(Ct));
        }
        else
        {
            // found out before anything was sent
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        Assert.Empty(Directory.GetFiles(near.Folder + "/blobs", "*", SearchOption.AllDirectories));
        Assert.Contains("its bytes have the digest", near.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_with_another_digest_is_refused()
    {
        await using Far far = await Far.StartAsync(http =>
        {
            http.Response.ContentType = Served.ManifestType;
            return http.Response.WriteAsync("{}");
        }, 2);
        await using Served near = await Served.StartAsync(change: options => options with { Upstream = Options(far.Address) });

        Assert.Equal(HttpStatusCode.BadGateway, (await near.GetAsync($"/v2/app/manifests/{Digest("other")}")).StatusCode);
    }

    [Fact]
    public async Task Hosts_have_registries_of_their_own_and_the_rest_is_ours()
    {
        await using Served far = await Served.StartAsync();
        await far.PushImageAsync("team/app", "v1");
        await using Served near = await Served.StartAsync(change: options => options with
        {
            Upstream = new([new("ghcr.io", new($"http://{far.Server.Address}"))], Remote),
        });

        Assert.Equal(HttpStatusCode.OK, (await near.GetAsync("/v2/ghcr.io/team/app/manifests/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await near.GetAsync("/v2/team/app/manifests/v1")).StatusCode);
        await near.PushImageAsync("own", "v1");
        using HttpResponseMessage refused = await near.SendAsync(HttpMethod.Post, "/v2/ghcr.io/team/app/blobs/uploads/");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal("UNSUPPORTED", await Served.CodeAsync(refused));
        using HttpResponseMessage put = await near.PutManifestAsync("ghcr.io/team/app", "v2", "{}"u8.ToArray());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, put.StatusCode);
    }

    [Fact]
    public async Task The_other_registry_sees_our_credentials_and_ours_are_for_us()
    {
        string users = Path.Combine(Directory.CreateTempSubdirectory("tare-up-").FullName, "users");
        await File.WriteAllTextAsync(users, $"cache:{BCrypt.Net.BCrypt.HashPassword("secret", 4).Replace("$2a$", "$2y$", StringComparison.Ordinal)}\n", Ct);
        await using Served far = await Served.StartAsync(change: options => options with { Passwords = users, Tokens = new() });
        far.Client.DefaultRequestHeaders.Authorization = Served.Basic("cache", "secret");
        await far.PushImageAsync("app", "v1", "content");
        string name = far.Server.Address.ToString();

        await using Served near = await CacheAsync(far, credentials: registry => registry == name ? new("cache", "secret") : null);
        await using Served nobody = await CacheAsync(far);

        Assert.Equal("content", await near.TextAsync($"/v2/app/blobs/{Digest("content")}"));
        Assert.Equal(HttpStatusCode.OK, (await near.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Directory.Delete(Path.GetDirectoryName(users)!, recursive: true);
    }

    [Fact]
    public async Task Referrers_are_those_of_the_other_registry()
    {
        await using Served far = await Served.StartAsync();
        byte[] subject = await far.PushImageAsync("app", "v1");
        byte[] referrer = await far.PushImageAsync("app", "sig", "signature", $$"""
            "artifactType": "x/signature", "subject": {"mediaType": "{{Served.ManifestType}}", "digest": "{{Served.DigestOf(subject)}}", "size": {{subject.Length}}},
            """);
        await using Served near = await CacheAsync(far);

        string list = await near.TextAsync($"/v2/app/referrers/{Served.DigestOf(subject)}");

        Assert.Contains(Served.DigestOf(referrer), list, StringComparison.Ordinal);
        Assert.Contains("x/signature", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_asks_for_goes()
    {
        FakeTime time = new();
        await using Served far = await Served.StartAsync();
        await far.PushImageAsync("app", "v1", "content");
        await using Served near = await CacheAsync(far, time: time);
        await near.TextAsync("/v2/app/manifests/v1");
        await near.TextAsync($"/v2/app/blobs/{Digest("content")}");

        time.Now += TimeSpan.FromDays(3);
        await near.Server.CollectAsync(Ct);
        Assert.Equal("content", await near.TextAsync($"/v2/app/blobs/{Digest("content")}"));
        time.Now += TimeSpan.FromDays(8);
        await near.Server.CollectAsync(Ct);
        time.Now += TimeSpan.FromDays(1);
        await near.Server.CollectAsync(Ct);

        Assert.Empty(Directory.GetFiles(near.Folder + "/blobs", "*", SearchOption.AllDirectories));
    }

    private static RegistryOptions Remote => RegistryOptions.Default with { Attempts = 2, Backoff = TimeSpan.FromMilliseconds(10) };

    private static UpstreamOptions Options(Uri address) => new([new(null, address)], Remote);

    private static Task<Served> CacheAsync(
        Served far, TimeSpan? tagLife = null, Func<string, Credential?>? credentials = null, TimeProvider? time = null) =>
        Served.StartAsync(time: time, change: options => options with
        {
            Upstream = Options(new($"http://{far.Server.Address}")) with
            {
                TagLife = tagLife ?? TimeSpan.FromMinutes(1),
                Remote = Remote with { Credentials = credentials ?? (static _ => null) },
            },
        });

    private static string Digest(string content) => Served.DigestOf(Encoding.UTF8.GetBytes(content));

    /// <summary>A registry that answers every GET below /v2/ in one way.</summary>
    private sealed class Far(WebApplication app) : IAsyncDisposable
    {
        private int _gets;

        public int Gets => _gets;

        public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        public static async Task<Far> StartAsync(Func<HttpContext, Task> answer, long length)
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            Far far = new(builder.Build());
            far.App.Run(async http =>
            {
                if (http.Request.Path == "/v2/")
                {
                    return;
                }

                http.Response.ContentLength = length;
                if (http.Request.Method == "GET")
                {
                    Interlocked.Increment(ref far._gets);
                    await answer(http);
                }
            });
            await far.App.StartAsync();
            return far;
        }

        private WebApplication App => app;

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class FakeTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
