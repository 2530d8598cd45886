// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;

namespace Tare.Cli.Tests.Commands;

public sealed class CachePlaceTests
{
    [Fact]
    public void Targets_are_read_as_buildx_reads_them()
    {
        CachePlace registry = CachePlace.ParseTarget("type=registry,ref=host:5000/app:cache,mode=max,mounts=true,ignore-error=true,image-manifest=true");
        CachePlace local = CachePlace.ParseTarget("type=local,dest=out/cache");

        Assert.Equal(("registry", "host:5000/app:cache", true, true, true), (registry.Kind, registry.Where, registry.IsMax, registry.WithMounts, registry.IgnoresError));
        Assert.Equal(("local", "out/cache", "latest", false), (local.Kind, local.Where, local.Tag, local.IsMax));
        Assert.Equal("inline", CachePlace.ParseTarget("type=inline").Kind);
        Assert.Equal("user/app:c", CachePlace.ParseTarget("user/app:c").Where);
    }

    [Fact]
    public void Sources_are_read_as_buildx_reads_them()
    {
        Assert.Equal("user/app:c", CachePlace.ParseSource("user/app:c").Where);
        Assert.Equal("v1", CachePlace.ParseSource("type=local,src=dir,tag=v1").Tag);
        Assert.Equal("dir:v1", CachePlace.ParseSource("type=local,src=dir,tag=v1").Name);
    }

    [Theory]
    [InlineData("type=gha", "not supported")]
    [InlineData("type=elsewhere", "no such type")]
    [InlineData("type=local", "dest is required")]
    [InlineData("type=local,src=x", "unexpected src")]
    [InlineData("type=registry", "ref is required")]
    [InlineData("type=registry,ref=UPPER CASE", "not the name of an image")]
    [InlineData("type=registry,ref=a,mode=mid", "no such mode")]
    [InlineData("type=registry,ref=a,mounts=true", "wants mode=max")]
    [InlineData("type=registry,ref=a,mounts=perhaps", "true or false")]
    [InlineData("type=registry,ref=a,compression=zstd", "packed with gzip")]
    [InlineData("type=inline,mode=max", "mode=min")]
    [InlineData("type=local,dest", "no key=value")]
    public void What_makes_no_sense_is_refused(string text, string message) => Assert.Contains(
        message, Assert.Throws<UsageException>(() => CachePlace.ParseTarget(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_source_is_no_inline_one() => Assert.Throws<UsageException>(() => CachePlace.ParseSource("type=inline"));
}
