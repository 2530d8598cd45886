// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tare.Server.Registry.Access.Tokens;

namespace Tare.Server.Tests.Registry.Access.Tokens;

public sealed class TokenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-tokens-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_challenge_leads_to_a_token_that_gives_what_was_asked_for()
    {
        await using Served served = await StartAsync("alice * pull,push,delete\n");
        using HttpResponseMessage asked = await served.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/");
        Assert.Equal(
            $"Bearer realm=\"http://{served.Server.Address}/token\",service=\"tare-registry\",scope=\"repository:team/app:pull,push\"",
            Served.Header(asked, "WWW-Authenticate"));

        string token = await TokenAsync(served, "service=tare-registry&scope=repository:team/app:pull,push&account=alice");

        Use(served, token);
        await served.PushImageAsync("team/app", "v1");
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/")).StatusCode);
        using HttpResponseMessage delete = await served.SendAsync(HttpMethod.Delete, "/v2/team/app/manifests/v1");
        Assert.Equal(HttpStatusCode.Unauthorized, delete.StatusCode);
        Assert.Contains("scope=\"repository:team/app:delete\",error=\"insufficient_scope\"", Served.Header(delete, "WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/team/other/tags/list")).StatusCode);
    }

    [Fact]
    public async Task A_token_gives_no_more_than_the_rights_file()
    {
        await using Served served = await StartAsync("alice team/* pull\n");

        string token = await TokenAsync(served, "scope=repository:team/app:pull,push,*&scope=repository:secret:pull&scope=registry:catalog:*");

        TokenClaims claims = TokenClaims.TryRead(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal(["repository:team/app:pull", "registry:catalog:*"], claims.Access.Select(static entry => entry.ToString()));
        Use(served, token);
        using HttpResponseMessage push = await served.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Forbidden, push.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await served.GetAsync("/v2/secret/tags/list")).StatusCode);
    }

    [Fact]
    public async Task A_right_that_is_taken_away_is_gone_before_the_token_is()
    {
        await using Served served = await StartAsync("alice app pull,push\n");
        Use(served, await TokenAsync(served, "scope=repository:app:pull,push"));
        await served.PushImageAsync("app", "v1");

        Write("rights", "alice app pull\n# longer\n");
        served.Server.Look();

        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/app/manifests/v1")).StatusCode);
        using HttpResponseMessage push = await served.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Forbidden, push.StatusCode);
    }

    [Fact]
    public async Task Nobody_gets_a_token_of_somebody_else()
    {
        await using Served served = await StartAsync(null);
        foreach ((string user, string password) in new[] { ("alice", "wrong"), ("nobody", "secret"), ("alice", "") })
        {
            served.Client.DefaultRequestHeaders.Authorization = Served.Basic(user, password);
            using HttpResponseMessage refused = await served.GetAsync("/token?service=tare-registry&scope=repository:app:pull");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.StartsWith("Basic ", Served.Header(refused, "WWW-Authenticate"), StringComparison.Ordinal);
        }

        served.Client.DefaultRequestHeaders.Authorization = null;
        string anonymous = await TokenAsync(served, "scope=repository:app:pull", logIn: false);
        Use(served, anonymous);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/app/tags/list")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Basic_goes_on_working_beside_tokens()
    {
        await using Served served = await StartAsync(null);
        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");

        await served.PushImageAsync("app", "v1");
    }

    [Fact]
    public async Task Changed_forged_unsigned_and_old_tokens_are_refused()
    {
        FakeTime time = new();
        await using Served served = await StartAsync(null, time: time);
        string token = await TokenAsync(served, "scope=repository:app:pull");
        string[] parts = token.Split('.');
        string more = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"pull\"", "\"push\"", StringComparison.Ordinal)));
        string none = Base64Url.EncodeToString("""{"alg":"none"}"""u8);
        Use(served, token);
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/")).StatusCode);

        foreach (string bad in new[]
        {
            $"{parts[0]}.{more}.{parts[2]}", $"{none}.{parts[1]}.", $"{none}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}", "a.b.c", new string('x', 13000),
        })
        {
            Use(served, bad);
            Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/")).StatusCode);
        }

        Use(served, token);
        time.Now += TimeSpan.FromMinutes(7);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/")).StatusCode);
    }

    [Fact]
    public async Task Passwords_and_refresh_tokens_are_exchanged_by_post_until_the_password_changes()
    {
        string secret = Write("secret", new string('k', 40));
        await using Served served = await StartAsync(null, new() { Secret = secret });

        JsonElement first = await PostAsync(served, "grant_type=password&username=alice&password=secret&service=tare-registry&client_id=x&access_type=offline&scope=repository%3Aapp%3Apull%2Cpush");
        string refresh = first.GetProperty("refresh_token").GetString()!;
        Assert.Equal("repository:app:pull,push", first.GetProperty("scope").GetString());
        JsonElement second = await PostAsync(served, $"grant_type=refresh_token&refresh_token={refresh}&service=tare-registry&client_id=x&scope=repository:app:pull");
        Use(served, second.GetProperty("access_token").GetString()!);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/app/tags/list")).StatusCode);

        Use(served, refresh);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/")).StatusCode);
        Write("users", Users("other") + "#\n");
        served.Server.Look();
        using HttpResponseMessage stale = await PostFormAsync(served, $"grant_type=refresh_token&refresh_token={refresh}&service=tare-registry");
        Assert.Equal(HttpStatusCode.Unauthorized, stale.StatusCode);
        using HttpResponseMessage wrong = await PostFormAsync(served, "grant_type=password&username=alice&password=secret");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using HttpResponseMessage endless = await PostFormAsync(served, new string('a', 20000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, endless.StatusCode);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task Tokens_of_another_issuer_are_known_by_its_public_key(string algorithm)
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa curve = ECDsa.Create(algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        Func<byte[], byte[]> sign = algorithm switch
        {
            "RS256" => bytes => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "ES256" => bytes => curve.SignData(bytes, HashAlgorithmName.SHA256),
            _ => bytes => curve.SignData(bytes, HashAlgorithmName.SHA384),
        };
        string pem = algorithm == "RS256" ? rsa.ExportSubjectPublicKeyInfoPem() : curve.ExportSubjectPublicKeyInfoPem();
        await using Served served = await StartAsync(null, new()
        {
            PublicKeys = Write("key", pem),
            Issuer = "them",
            Service = "here",
            Realm = "https://auth.example/token",
        }, passwords: false);
        using HttpResponseMessage bare = await served.GetAsync("/v2/");
        Assert.Equal("Bearer realm=\"https://auth.example/token\",service=\"here\"", Served.Header(bare, "WWW-Authenticate"));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/token")).StatusCode);

        Use(served, Sign(algorithm, sign, "them", "here"));
        await served.PushImageAsync("app", "v1");
        using HttpResponseMessage other = await served.SendAsync(HttpMethod.Post, "/v2/other/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);

        // the public key as a secret: RFC 8725 §2.1
        byte[] Mac(byte[] bytes) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(pem), bytes);
        using ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (string bad in new[]
        {
            Sign("HS256", Mac, "them", "here"), Sign(algorithm, sign, "others", "here"), Sign(algorithm, sign, "them", "there"),
            Sign(algorithm, sign, "them", "here", expires: -3600), Sign(algorithm, sign, "them", "here", notBefore: 3600),
            Sign("ES256", bytes => foreign.SignData(bytes, HashAlgorithmName.SHA256), "them", "here"),
        })
        {
            Use(served, bad);
            Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/")).StatusCode);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sign(
        string algorithm, Func<byte[], byte[]> sign, string issuer, string audience, int expires = 300, int notBefore = 0)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"typ":"JWT","alg":"{{algorithm}}","kid":"x"}"""));
        string body = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            $$"""
            {"iss":"{{issuer}}","sub":"bob","aud":["{{audience}}"],"exp":{{now + expires}},"nbf":{{now + notBefore}},"iat":{{now}},
             "access":[{"type":"repository","name":"app","actions":["pull","push"]}]}
            """));
        return $"{header}.{body}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{header}.{body}")))}";
    }

    private static void Use(Served served, string token) =>
        served.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<string> TokenAsync(Served served, string query, bool logIn = true)
    {
        served.Client.DefaultRequestHeaders.Authorization = logIn ? Served.Basic("alice", "secret") : null;
        using HttpResponseMessage answer = await served.GetAsync("/token?" + query);
        Assert.Equal("no-store", Served.Header(answer, "Cache-Control"));
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(300, document.RootElement.GetProperty("expires_in").GetInt32());
        return document.RootElement.GetProperty("token").GetString()!;
    }

    private static Task<HttpResponseMessage> PostFormAsync(Served served, string form) => served.Client.PostAsync(
        "/token", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"), Ct);

    private static async Task<JsonElement> PostAsync(Served served, string form)
    {
        using HttpResponseMessage answer = await PostFormAsync(served, form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return document.RootElement.Clone();
    }

    private static string Users(string password) =>
        $"alice:{BCrypt.Net.BCrypt.HashPassword(password, 4).Replace("$2a$", "$2y$", StringComparison.Ordinal)}\n";

    private Task<Served> StartAsync(string? rights, TokenOptions? tokens = null, bool passwords = true, TimeProvider? time = null) =>
        Served.StartAsync(time: time, change: options => options with
        {
            Passwords = passwords ? Write("users", Users("secret")) : null,
            Rights = rights is null ? null : Write("rights", rights),
            Tokens = tokens ?? new(),
            LookEvery = TimeSpan.FromHours(1),
        });

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    private sealed class FakeTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
