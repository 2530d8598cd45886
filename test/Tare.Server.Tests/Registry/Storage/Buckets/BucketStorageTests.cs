// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tare.Server.Registry;
using Tare.Server.Registry.Storage.Buckets;

namespace Tare.Server.Tests.Registry.Storage.Buckets;

public sealed class BucketStorageTests : StorageContract, IAsyncLifetime
{
    private FakeBucket _bucket = null!;

    public async ValueTask InitializeAsync() => _bucket = await FakeBucket.StartAsync();

    [Fact]
    public async Task Busy_buckets_are_asked_again()
    {
        await using Served served = await StartAsync();
        await served.PushImageAsync("app", "v1");

        _bucket.BeBusy(2);

        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/app/manifests/v1")).StatusCode);
    }

    [Fact]
    public async Task A_large_blob_is_one_object_joined_from_parts_and_kept_once()
    {
        await using Served served = await StartAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(33 << 20);

        string digest = await served.PushBlobAsync("app", bytes);
        await served.PushBlobAsync("other", bytes);

        Assert.Equal(3, _bucket.PartsJoined);
        Assert.Equal(bytes, _bucket.Objects[$"some/where/blobs/sha256/{digest[7..]}"].Bytes);
        Assert.Equal(3, _bucket.Objects.Count);
        Assert.Empty(Directory.GetFiles(served.Folder + "/spool/uploads"));
    }

    [Fact]
    public async Task A_bucket_that_refuses_or_is_not_there_is_no_empty_one()
    {
        await using Served wrong = await StartAsync(static options => options with
        {
            Bucket = options.Bucket! with { Credential = new(FakeBucket.AccessKey, "wrong", null) },
        });
        Assert.Equal(HttpStatusCode.InternalServerError, (await wrong.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Assert.Contains("SignatureDoesNotMatch", wrong.Log.ToString(), StringComparison.Ordinal);

        _bucket.Refused.Clear();
        await using Served missing = await StartAsync(static options => options with { Bucket = options.Bucket! with { Bucket = "nothing" } });
        Assert.Equal(HttpStatusCode.InternalServerError, (await missing.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Assert.Contains("NoSuchBucket", missing.Log.ToString(), StringComparison.Ordinal);
    }

    /// <summary>AmazonS3 API, sig-v4-header-based-auth: the example "GET Bucket Lifecycle"; its three headers are ours.</summary>
    [Fact]
    public void Signatures_are_those_of_the_documentation()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://examplebucket.s3.amazonaws.com/?lifecycle=");

        Signature.Add(
            request, Convert.ToHexStringLower(SHA256.HashData([])),
            new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null), "us-east-1",
            new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero));

        Assert.EndsWith(
            "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_bucket.Refused);
        await _bucket.DisposeAsync();
    }

    private protected override Task<Served> StartAsync(Func<RegistryOptions, RegistryOptions>? change = null) =>
        Served.StartAsync(change: options =>
        {
            options = options with
            {
                Bucket = new(
                    _bucket.Address, "images", "some/where/", FakeBucket.Region, new(FakeBucket.AccessKey, FakeBucket.Secret, null),
                    options.Storage + "/spool"),
            };
            return change?.Invoke(options) ?? options;
        });
}
