// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>What is sent to a registry that does not mean well.</summary>
public class EvilPushTests
{
    private const string Basic = "Basic dXNlcjpzM2NyZXQ=";

    [Fact]
    public async Task Blobs_come_before_the_manifest_and_the_tag_last()
    {
        using var registry = new EvilRegistry(Accept);
        using var store = new TestStore();

        PushedImage pushed = await PushAsync(store, registry);

        string[] puts = [.. registry.Seen.Where(static r => r.Method == "PUT").Select(static r => r.Path)];
        Assert.Equal(4, puts.Length);
        Assert.All(puts[..2], static p => Assert.StartsWith("/up?state=1&digest=sha256%3A", p, StringComparison.Ordinal));
        Assert.Equal([$"/v2/app/manifests/{pushed.Root.Digest}", "/v2/app/manifests/1"], puts[2..]);
    }

    [Fact]
    public async Task An_upload_to_another_origin_over_plain_HTTP_is_refused()
    {
        using var other = new EvilRegistry(Accept);
        using var registry = new EvilRegistry(r => r.Authorization != Basic
            ? EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=x"))
            : r.Method == "POST" ? EvilAnswer.Of(202, ("Location", $"http://{other.Name}/up")) : Accept(r));
        using var store = new TestStore();

        TareException e = await Assert.ThrowsAsync<TareException>(() => PushAsync(store, registry, new Credential("user", "s3cret")));

        Assert.Equal(ErrorKind.PermissionDenied, e.Kind);
        Assert.Empty(other.Seen);
    }

    [Theory]
    [InlineData(400, ErrorKind.InvalidArgument)]
    [InlineData(503, ErrorKind.Unavailable)]
    public async Task A_refused_upload_leaves_no_tag(int code, ErrorKind kind)
    {
        using var registry = new EvilRegistry(r => r.Method == "PUT" ? EvilAnswer.Of(code) : Accept(r));
        using var store = new TestStore();

        TareException e = await Assert.ThrowsAsync<TareException>(() => PushAsync(store, registry));

        Assert.Equal(kind, e.Kind);
        Assert.StartsWith($"push {registry.Name}/app:1: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Seen, static r => r.Path.Contains("/manifests/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_without_a_place_is_refused()
    {
        using var registry = new EvilRegistry(r => r.Method == "POST" ? EvilAnswer.Of(202) : Accept(r));
        using var store = new TestStore();

        TareException e = await Assert.ThrowsAsync<TareException>(() => PushAsync(store, registry));

        Assert.Equal(ErrorKind.Corrupt, e.Kind);
    }

    [Fact]
    public async Task A_damaged_layer_is_not_sent_as_if_it_were_whole()
    {
        using var registry = new EvilRegistry(Accept);
        using var store = new TestStore();
        (string name, _) = await LoadAsync(store, registry);
        Damage(store, name);

        TareException e = await Assert.ThrowsAsync<TareException>(() => PushAsync(store, registry, load: false));

        Assert.Equal(ErrorKind.Corrupt, e.Kind);
        Assert.DoesNotContain(registry.Seen, static r => r.Path.EndsWith("/manifests/1", StringComparison.Ordinal));
    }

    private static EvilAnswer Accept(EvilRequest request) => request.Method switch
    {
        "HEAD" => EvilAnswer.Of(404),
        "POST" => EvilAnswer.Of(202, ("Location", "/up?state=1")),
        _ => EvilAnswer.Of(201),
    };

    private static void Damage(TestStore store, string name)
    {
        string path = $"{store.Path}/blobs/sha256/{store.Images.Get(name).Layers[0].Blob.Digest.Hex}";
        byte[] bytes = File.ReadAllBytes(path);
        bytes[700] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<(string Name, byte[] Archive)> LoadAsync(TestStore store, EvilRegistry registry)
    {
        string name = $"{registry.Name}/app:1";
        byte[] archive = Sample.Of(("a", new string('x', 5000))).DockerArchive(name);
        await store.LoadAsync(archive);
        return (name, archive);
    }

    private static async Task<PushedImage> PushAsync(
        TestStore store, EvilRegistry registry, Credential? credential = null, bool load = true)
    {
        if (load)
        {
            await LoadAsync(store, registry);
        }
        RegistryOptions options = RegistryOptions.Default with
        {
            Credentials = _ => credential,
            Attempts = 2,
            Backoff = TimeSpan.FromMilliseconds(1),
            Stall = TimeSpan.FromSeconds(2),
        };
        return await new Pushing(store.Images, options, static (_, _, _) => { })
            .RunAsync(Reference.Parse($"{registry.Name}/app:1"), TestContext.Current.CancellationToken);
    }
}
