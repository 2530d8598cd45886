// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tare.Images.Remote;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>Registries over TLS whose certificates nobody vouches for by himself, that want to know us, and behind proxies.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-tls-").FullName;
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_authority_in_the_registrys_folder_vouches_for_it()
    {
        using EvilRegistry registry = Serve("127.0.0.1");
        Write("ca.crt", _authority.Pem);

        await PullAsync(registry, Secure);

        Assert.NotNull(_store.Images.Find($"{registry.Name}/app:1"));
    }

    [Theory]
    [InlineData("no authority")]
    [InlineData("another authority")]
    [InlineData("another name")]
    [InlineData("too old")]
    public async Task What_is_wrong_with_a_certificate_is_not_overlooked(string what)
    {
        using EvilRegistry registry = Serve(
            what == "another name" ? "127.0.0.2" : "127.0.0.1", what == "too old" ? DateTimeOffset.UnixEpoch.AddDays(2) : null);
        if (what != "no authority")
        {
            Write("ca.crt", (what == "another authority" ? new TestAuthority() : _authority).Pem);
        }

        TareException e = await Assert.ThrowsAsync<TareException>(() => PullAsync(registry, Secure));

        Assert.Equal(ErrorKind.Unavailable, e.Kind);
        Assert.Contains("its certificate is not valid for it, or nobody vouches for it", e.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Seen);
    }

    [Fact]
    public async Task A_registry_that_wants_to_know_us_is_shown_our_certificate()
    {
        List<string> shown = [];
        using EvilRegistry registry = Serve("127.0.0.1", client: (_, certificate, _, _) =>
        {
            shown.Add(certificate?.Subject ?? "nobody");
            return certificate is not null;
        });
        (_, string pem, string key) = _authority.Give("somebody");
        Write("ca.crt", _authority.Pem);
        Write("client.cert", pem);
        Write("client.key", key);

        await PullAsync(registry, Secure);

        Assert.NotEmpty(shown);
        Assert.All(shown, static s => Assert.Equal("CN=somebody", s));
    }

    [Fact]
    public async Task Where_a_registry_leads_is_not_shown_our_certificate()
    {
        List<string> shown = [];
        using EvilRegistry other = Serve("localhost", client: (_, certificate, _, _) =>
        {
            shown.Add(certificate?.Subject ?? "nobody");
            return certificate is null;
        });
        using EvilRegistry registry = Serve("127.0.0.1", script: EvilImage.Usual.But(
            r => EvilAnswer.Of(307, ("Location", $"https://localhost:{other.Port}{r.Path}"))));
        (_, string pem, string key) = _authority.Give("somebody");
        Write("ca.crt", _authority.Pem);
        Write("client.cert", pem);
        Write("client.key", key);

        await PullAsync(registry, Secure);

        Assert.NotEmpty(shown);
        Assert.All(shown, static s => Assert.Equal("nobody", s));
    }

    [Fact]
    public async Task A_mirror_over_TLS_has_its_own_authority()
    {
        using EvilRegistry mirror = Serve("127.0.0.1");
        Write("ca.crt", _authority.Pem);
        RegistryOptions options = Secure with { Mirrors = _ => [new Uri($"https://{mirror.Name}/")] };

        await new Pulling(_store.Images, options, PullWatch.None)
            .RunAsync(Reference.Parse("registry.invalid/app:1"), null, TestContext.Current.CancellationToken);

        Assert.NotNull(_store.Images.Find("registry.invalid/app:1"));
        Assert.Contains(mirror.Seen, static r => r.Path == EvilImage.Usual.LayerPath());
    }

    [Fact]
    public async Task Behind_a_proxy_TLS_goes_through_a_tunnel()
    {
        using EvilRegistry registry = Serve("registry.invalid");
        using var proxy = new EvilRegistry(static _ => EvilAnswer.Of(500)) { TunnelPort = registry.Port };
        Write("ca.crt", _authority.Pem);

        await PullAsync("registry.invalid/app:1", Secure with { Proxy = new ProxyChoice(null, proxy.Name, null) });

        Assert.NotNull(_store.Images.Find("registry.invalid/app:1"));
        Assert.All(proxy.Seen, static r => Assert.Equal(("CONNECT", "registry.invalid:443"), (r.Method, r.Path)));
    }

    [Fact]
    public async Task A_proxy_that_wants_a_password_gets_the_one_before_its_name()
    {
        using EvilRegistry registry = Serve("registry.invalid");
        using var proxy = new EvilRegistry(static _ => EvilAnswer.Of(407, ("Proxy-Authenticate", "Basic realm=x")))
        {
            WantsProof = true,
            TunnelPort = registry.Port,
        };
        Write("ca.crt", _authority.Pem);

        await PullAsync("registry.invalid/app:1", Secure with { Proxy = new ProxyChoice(null, $"http://us%40er:s3cret@{proxy.Name}", null) });

        Assert.Contains(proxy.Seen, static r => r.Headers.GetValueOrDefault("proxy-authorization") == "Basic dXNAZXI6czNjcmV0");
    }

    [Fact]
    public async Task Behind_a_proxy_plain_HTTP_is_asked_for_by_whole_addresses()
    {
        using var proxy = new EvilRegistry(static r => EvilImage.Usual.Serve(
            r with { Path = r.Path.Replace("http://registry.invalid:5000", "", StringComparison.Ordinal) }));

        await PullAsync(
            "registry.invalid:5000/app:1",
            Secure with { Proxy = new ProxyChoice(proxy.Name, null, null), IsInsecure = static (_, _) => true });

        Assert.Contains(proxy.Seen, static r => r.Path.StartsWith("http://registry.invalid:5000/v2/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_cannot_make_the_proxy_ask_our_own_networks()
    {
        using var proxy = new EvilRegistry(EvilImage.Usual.But(static _ => EvilAnswer.Of(307, ("Location", "http://169.254.169.254/secret"))));
        proxy.Script = Behind(proxy.Script);

        TareException e = await Assert.ThrowsAsync<TareException>(() => PullAsync(
            "registry.invalid:5000/app:1",
            Secure with { Proxy = new ProxyChoice(proxy.Name, null, null), IsInsecure = static (_, _) => true }));

        Assert.Equal(ErrorKind.PermissionDenied, e.Kind);
        Assert.DoesNotContain(proxy.Seen, static r => r.Path.Contains("169.254", StringComparison.Ordinal));

        static Func<EvilRequest, EvilAnswer> Behind(Func<EvilRequest, EvilAnswer> serve) => r =>
            serve(r with { Path = r.Path.Replace("http://registry.invalid:5000", "", StringComparison.Ordinal) });
    }

    [Theory]
    [InlineData("lonely.key", "its certificate lonely.cert is missing")]
    [InlineData("lonely.cert", "its key lonely.key is missing")]
    [InlineData("ca.crt", "it holds no certificate in PEM form")]
    public void Half_of_a_certificate_is_an_error_that_names_it(string file, string words)
    {
        Write(file, "no certificate");

        TareException e = Assert.Throws<TareException>(() => RegistryCertificates.OfFolder(_folder));

        Assert.Equal((ErrorKind.InvalidArgument, $"{_folder}/{file}: {words}"), (e.Kind, e.Message));
    }

    [Fact]
    public void A_key_that_is_not_for_the_certificate_is_refused_without_a_word_of_it()
    {
        Write("a.cert", _authority.Give("a").Pem);
        Write("a.key", _authority.Give("b").KeyPem);

        TareException e = Assert.Throws<TareException>(() => RegistryCertificates.OfFolder(_folder));

        Assert.Contains("or its key is not for it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_folder_is_no_certificates() =>
        Assert.Same(RegistryCertificates.None, RegistryCertificates.OfFolder(_folder + "/absent"));

    private RegistryOptions Secure => RegistryOptions.Default with
    {
        IsInsecure = static (_, _) => false,
        Certificates = _ => RegistryCertificates.OfFolder(_folder),
        Stall = TimeSpan.FromSeconds(3),
        Attempts = 2,
        Backoff = TimeSpan.FromMilliseconds(1),
    };

    private EvilRegistry Serve(
        string name, DateTimeOffset? until = null, RemoteCertificateValidationCallback? client = null,
        Func<EvilRequest, EvilAnswer>? script = null) => new(script ?? EvilImage.Usual.Serve)
        {
            Tls = new SslServerAuthenticationOptions
            {
                ServerCertificate = _authority.Give(name, until).Certificate,
                ClientCertificateRequired = client is not null,
                RemoteCertificateValidationCallback = client,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            },
        };

    private Task<PulledImage> PullAsync(EvilRegistry registry, RegistryOptions options) => PullAsync($"{registry.Name}/app:1", options);

    private Task<PulledImage> PullAsync(string name, RegistryOptions options) => new Pulling(_store.Images, options, PullWatch.None)
        .RunAsync(Reference.Parse(name), null, TestContext.Current.CancellationToken);

    private void Write(string name, string text) => File.WriteAllText($"{_folder}/{name}", text);
}
