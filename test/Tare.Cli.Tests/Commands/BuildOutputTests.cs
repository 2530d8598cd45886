// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Images.Building;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Cli.Tests.Commands;

public sealed class BuildOutputTests
{
    [Fact]
    public void How_layers_are_packed_is_read_as_buildx_reads_it()
    {
        LayerCompression packed = BuildOutput.Parse("type=oci,dest=a.tar,compression=zstd,compression-level=22,force-compression=true").Compression;
        LayerCompression plain = BuildOutput.Parse("type=image,compression=uncompressed").Compression;

        Assert.Equal((CompressionFormat.Zstd, 22, true), (packed.Format, packed.Level, packed.IsForced));
        Assert.Equal((CompressionFormat.None, null, false), (plain.Format, plain.Level, plain.IsForced));
        Assert.Equal(LayerCompression.Default, BuildOutput.Parse("type=registry,compression=gzip").Compression);
    }

    [Theory]
    [InlineData("type=image,compression=lz4", "compression may be gzip, zstd or uncompressed, not lz4")]
    [InlineData("type=image,compression-level=10", "compression-level of gzip is 0 to 9")]
    [InlineData("type=image,compression-level=23,compression=zstd", "compression-level of zstd is 0 to 22")]
    [InlineData("type=image,compression-level=-1", "compression-level is a number, not -1")]
    [InlineData("type=image,force-compression=perhaps", "force-compression may be true or false")]
    public void What_cannot_be_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => BuildOutput.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Seekable_gzip_is_not_made() =>
        Assert.Equal(ErrorKind.NotSupported, Assert.Throws<TareException>(() => BuildOutput.Parse("type=image,compression=estargz")).Kind);
}
