// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Import;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Import;

[Trait("ring", "kernel")]
public sealed class ImportingTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_compressed_tar_becomes_an_image_of_one_plain_layer()
    {
        byte[] tar = Sample.Tar(("etc/motd", "hi"));
        using ArchiveInput input = ArchiveInput.From("-", new MemoryStream(Sample.Gzip(tar)));

        Digest id = await _store.Images.ImportAsync(
            new ImportRequest(input, "-", Reference.Parse("a:1")) { Changes = ["CMD [\"x\"]"], Platform = new Platform("arm64", "linux") },
            TestContext.Current.CancellationToken);

        StoredImage image = _store.Images.Get("a:1");
        Assert.Equal(id, image.Id);
        Assert.Equal(new DiffId(Digest.Of(tar)), Assert.Single(image.Layers).DiffId);
        Assert.Equal(["x"], image.Config.Config.Cmd);
        Assert.Equal("linux/arm64", image.Platform.ToString());
        Assert.Equal("Imported from -", Assert.Single(_store.Images.History("a:1")).Comment);
    }

    [Fact]
    public async Task What_is_no_tar_is_refused_and_leaves_nothing()
    {
        using ArchiveInput input = ArchiveInput.From("x", new MemoryStream([.. "not a tar".PadRight(2000).Select(static c => (byte)c)]));

        await Assert.ThrowsAsync<TareException>(() => _store.Images.ImportAsync(
            new ImportRequest(input, "x", null), TestContext.Current.CancellationToken));

        Assert.Empty(_store.Images.List(ImageFilter.None));
        Assert.Empty(_store.Names("layers"));
        Assert.Empty(_store.Names("tmp"));
    }

    [Fact]
    public async Task A_pipe_is_read_like_a_file()
    {
        byte[] archive = Sample.Of(("f", "x")).DockerArchive("piped");
        using Pipe pipe = new();
        Task writer = Task.Run(
            () =>
            {
                pipe.Writer.Write(archive);
                pipe.Writer.Dispose();
            },
            TestContext.Current.CancellationToken);
        using ArchiveInput input = ArchiveInput.From("-", pipe.Reader.Duplicate());

        Assert.Single(await TestStore.LoadAsync(_store.Images, input));
        await writer;
    }
}
