// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>Pulls from an evil registry into a store of its own, with little patience.</summary>
internal sealed class EvilPull(Func<EvilRequest, EvilAnswer> script) : IDisposable
{
    public EvilRegistry Registry { get; } = new(script);

    public TestStore Store { get; } = new();

    public RegistryOptions Options { get; set; } = RegistryOptions.Default with
    {
        Stall = TimeSpan.FromMilliseconds(400),
        Attempts = 3,
        Backoff = TimeSpan.FromMilliseconds(1),
    };

    public Credential? Credential
    {
        init => Options = Options with { Credentials = registry => registry == Registry.Name ? value : null };
    }

    public IEnumerable<string> Paths => Registry.Seen.Select(static r => r.Path);

    public Task<PulledImage> RunAsync(string what = "app:1") => new Pulling(Store.Images, Options, PullWatch.None)
        .RunAsync(Reference.Parse($"{Registry.Name}/{what}"), platform: null, TestContext.Current.CancellationToken);

    /// <summary>It fails like this, and the store is as if nothing had happened.</summary>
    public async Task<TareException> FailsAsync(ErrorKind kind, string words, string what = "app:1")
    {
        TareException e = await Assert.ThrowsAsync<TareException>(() => RunAsync(what));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(kind, e.Kind);
        Assert.StartsWith($"pull {Registry.Name}/", e.Message, StringComparison.Ordinal);
        Assert.Empty(Store.Names("blobs/sha256"));
        Assert.Empty(Store.Names("layers"));
        Assert.Null(Store.Images.Find($"{Registry.Name}/app:1"));
        return e;
    }

    public void Dispose()
    {
        Registry.Dispose();
        Store.Dispose();
    }
}
