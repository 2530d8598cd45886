// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Cache;
using Tare.Oci;

namespace Tare.Build.Tests.Cache;

public sealed class CacheDocumentTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        Digest blob = Digest.Of("blob"u8), diffId = Digest.Of("diff"u8);
        var document = CacheDocument.Of(
            [new CachedStep(["k1", "k2"]) { Blob = blob, DiffId = diffId, Inputs = [1, 2] }, new CachedStep(["k3"])], [new CachedMount("/cache", blob)]);

        CacheDocument read = CacheDocument.Parse(document.ToBytes());

        Assert.Equal(["k1", "k2"], read.Steps[0].Keys);
        Assert.Equal((blob, diffId), (read.Steps[0].Blob, read.Steps[0].DiffId));
        Assert.Equal([1, 2], read.Steps[0].Inputs);
        Assert.Null(read.Steps[1].Blob);
        Assert.Equal("/cache", read.Mounts[0].Id);
    }

    [Theory]
    [InlineData("", ErrorKind.Corrupt)]
    [InlineData("null", ErrorKind.Corrupt)]
    [InlineData("{}", ErrorKind.Corrupt)]
    [InlineData("{\"version\":2}", ErrorKind.NotSupported)]
    [InlineData("{\"version\":1,\"steps\":[{}]}", ErrorKind.Corrupt)]
    [InlineData("{\"version\":1,\"steps\":[null]}", ErrorKind.Corrupt)]
    [InlineData("{\"version\":1,\"steps\":[{\"keys\":[null]}]}", ErrorKind.Corrupt)]
    [InlineData("{\"version\":1,\"mounts\":[null]}", ErrorKind.Corrupt)]
    [InlineData("{\"version\":1,\"steps\":[{\"keys\":[\"k\"],\"blob\":\"sha256:xy\"}]}", ErrorKind.Corrupt)]
    public void What_is_no_cache_is_refused(string text, object kind) =>
        Assert.Equal(kind, Assert.Throws<TareException>(() => CacheDocument.Parse(Encoding.UTF8.GetBytes(text))).Kind);

    [Fact]
    public void Lists_that_are_missing_are_empty()
    {
        CacheDocument read = CacheDocument.Parse("{\"version\":1}"u8);

        Assert.Empty(read.Steps);
        Assert.Empty(read.Mounts);
    }
}
