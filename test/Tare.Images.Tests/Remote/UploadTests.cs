// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>Uploads that do not go through at once.</summary>
public sealed class UploadTests : IDisposable
{
    private const int LayerBytes = 20_000_000;
    private readonly TestStore _store = new();
    private readonly ConcurrentDictionary<string, byte[]> _uploads = [];
    private readonly ConcurrentDictionary<string, byte[]> _blobs = [];
    private int _count;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task A_broken_upload_goes_on_where_it_ended(int breaksAfter)
    {
        using EvilRegistry registry = Registry();
        int broken = 0;
        registry.BreaksAfter = r => IsLarge(r) && r.Method == "PUT" && Interlocked.Exchange(ref broken, 1) == 0 ? breaksAfter : null;

        await PushAsync(registry);

        AssertWhole();
        long sent = registry.Seen.Where(static r => r.Method is "PATCH" or "PUT").Sum(static r => (long)r.Body.Length);
        Assert.True(sent < LayerBytes + breaksAfter + 100_000 + (breaksAfter <= 1 ? LayerBytes : 0), $"{sent} bytes were sent");
        Assert.Equal(breaksAfter > 1, registry.Seen.Any(r => r.Method == "PATCH" && r.Headers["content-range"].StartsWith($"{breaksAfter}-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(413)]
    [InlineData(405)]
    public async Task Where_the_whole_is_refused_it_goes_in_chunks(int code)
    {
        using EvilRegistry registry = Registry(r => IsLarge(r) && r.Method == "PUT" && r.Body.Length > 10_000_000 ? EvilAnswer.Of(code) : null);

        await PushAsync(registry);

        AssertWhole();
        string[] ranges = [.. registry.Seen.Where(static r => r.Method == "PATCH").Select(static r => r.Headers["content-range"])];
        Assert.Equal(3, ranges.Length);
        Assert.Equal("0-8388607", ranges[0]);
        Assert.Equal("8388608-16777215", ranges[1]);
    }

    [Fact]
    public async Task An_upload_that_the_registry_forgot_is_begun_anew()
    {
        using EvilRegistry registry = Registry(r => r.Method == "GET" && r.Path.StartsWith("/up/", StringComparison.Ordinal) ? EvilAnswer.Of(404) : null);
        int broken = 0;
        registry.BreaksAfter = r => IsLarge(r) && Interlocked.Exchange(ref broken, 1) == 0 ? 3_000_000 : null;

        await PushAsync(registry);

        AssertWhole();
    }

    [Fact]
    public async Task When_only_the_last_answer_was_lost_nothing_is_sent_again()
    {
        using EvilRegistry registry = Registry();
        int broken = 0;
        registry.BreaksAfter = r => IsLarge(r) && Interlocked.Exchange(ref broken, 1) == 0 ? int.Parse(r.Headers["content-length"], null) : null;

        await PushAsync(registry);

        AssertWhole();
        Assert.Single(registry.Seen, static r => r.Body.Length > 1_000_000);
    }

    [Fact]
    public async Task A_registry_that_always_breaks_off_is_given_up()
    {
        using EvilRegistry registry = Registry();
        registry.BreaksAfter = r => IsLarge(r) ? 100 : null;

        TareException e = await Assert.ThrowsAsync<TareException>(() => PushAsync(registry));

        Assert.Equal(ErrorKind.Unavailable, e.Kind);
        Assert.Contains(": blob sha256:", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Seen, static r => r.Path.Contains("/manifests/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_claims_to_have_more_than_it_got_gets_no_wrong_blob()
    {
        using EvilRegistry registry = Registry(r => r.Method == "GET" && r.Path.StartsWith("/up/", StringComparison.Ordinal)
            ? EvilAnswer.Of(204, ("Range", "0-9999999"), ("Location", r.Path)) : null);
        int broken = 0;
        registry.BreaksAfter = r => IsLarge(r) && Interlocked.Exchange(ref broken, 1) == 0 ? 5_000_000 : null;

        await Assert.ThrowsAsync<TareException>(() => PushAsync(registry));

        Assert.DoesNotContain(registry.Seen, static r => r.Path.EndsWith("/manifests/1", StringComparison.Ordinal));
    }

    private static bool IsLarge(EvilRequest request) =>
        request.Method is "PUT" or "PATCH" && long.Parse(request.Headers.GetValueOrDefault("content-length", "0"), null) > 1_000_000;

    private void AssertWhole()
    {
        StoredImage image = _store.Images.Get("app:1");
        byte[] layer = _blobs[image.Layers[0].Blob.Digest.ToString()];
        Assert.True(image.Layers[0].Blob.Digest.Matches(layer));
    }

    /// <summary>An honest one that keeps what it gets of each upload.</summary>
    private EvilRegistry Registry(Func<EvilRequest, EvilAnswer?>? lie = null) => new(request =>
    {
        string id = request.Path.Split('?')[0];
        if (request.Body.Length > 0 && lie?.Invoke(request) is { } refusal)
        {
            return refusal;
        }
        byte[] all = [.. _uploads.GetValueOrDefault(id, []), .. request.Body];
        switch (request.Method)
        {
            case "HEAD":
                return EvilAnswer.Of(_blobs.ContainsKey(id.Split('/')[^1]) ? 200 : 404);
            case "POST":
                return EvilAnswer.Of(202, ("Location", $"/up/{Interlocked.Increment(ref _count)}"));
            case "GET":
                return lie?.Invoke(request) ?? (!_uploads.ContainsKey(id) ? EvilAnswer.Of(404) : null) ?? EvilAnswer.Of(204, ("Range", $"0-{Math.Max(0, all.Length - 1)}"), ("Location", id));
            case "PATCH":
                _uploads[id] = all;
                return EvilAnswer.Of(202, ("Location", id), ("Range", $"0-{all.Length - 1}"));
            case "PUT" when id.StartsWith("/up/", StringComparison.Ordinal):
                _uploads[id] = all;
                string digest = Uri.UnescapeDataString(request.Path.Split("digest=")[1]);
                if (!Digest.TryParse(digest, out Digest wanted) || !wanted.Matches(all))
                {
                    return EvilAnswer.Of(400);
                }
                _blobs[digest] = all;
                _uploads.TryRemove(id, out _);
                return EvilAnswer.Of(201);
            default:
                return EvilAnswer.Of(201);
        }
    });

    private async Task PushAsync(EvilRegistry registry)
    {
        byte[] large = new byte[LayerBytes];
        new Random(7).NextBytes(large);
        string name = $"{registry.Name}/app:1";
        await _store.LoadAsync(new Sample().Layer(Sample.Tar(("large", large))).DockerArchive(name, "app:1"));
        RegistryOptions options = RegistryOptions.Default with
        {
            Attempts = 3,
            Backoff = TimeSpan.FromMilliseconds(1),
            Stall = TimeSpan.FromSeconds(5),
        };
        await new Pushing(_store.Images, options, static (_, _, _) => { })
            .RunAsync(Reference.Parse(name), TestContext.Current.CancellationToken);
    }
}
