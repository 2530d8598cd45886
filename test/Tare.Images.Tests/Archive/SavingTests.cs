// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tare.Images.Archive;
using Tare.Images.Layout;
using Tare.Images.Store;
using Tare.Images.Tests.Store;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Archive;

[Trait("ring", "kernel")]
public sealed class SavingTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_was_saved_loads_elsewhere_with_equal_digests()
    {
        Sample sample = new Sample().Layer(Sample.Tar(("a", "1")), MediaType.OciLayerGzip).Layer(Sample.Tar(("b", "2")));
        await _store.LoadAsync(sample.OciArchive("a:1", "b:2"));
        using TestStore other = new();

        byte[] archive = await _store.SaveAsync("a:1", "b:2");
        await other.LoadAsync(archive);

        Assert.Equal(_store.Images.Get("a:1").Manifest, other.Images.Get("b:2").Manifest);
        Assert.Equal(_store.Images.Get("a:1").Id, other.Images.Get("a:1").Id);
        Assert.Equal(archive, await other.SaveAsync("a:1", "b:2"));
    }

    [Fact]
    public async Task A_bare_repository_means_all_its_tags_and_an_id_means_no_name()
    {
        Sample sample = Sample.Of(("f", ""));
        await _store.LoadAsync(sample.DockerArchive("app:1", "app:2", "other:1"));
        using TestStore byName = new();
        using TestStore byId = new();

        await byName.LoadAsync(await _store.SaveAsync("app"));
        await byId.LoadAsync(await _store.SaveAsync(sample.Id.Hex[..12]));

        Assert.Equal(["app:1", "app:2"], byName.Images.List(ImageFilter.None).Select(static r => r.Name!.Familiar).Order());
        Assert.Null(Assert.Single(byId.Images.List(ImageFilter.None)).Name);
    }

    [Fact]
    public async Task A_docker_archive_is_saved_with_both_kinds_of_documents()
    {
        await _store.LoadAsync(Sample.Of(("f", "")).DockerArchive("a"));
        await _store.LoadAsync(Sample.Of(("g", "")).DockerArchive("b"));

        string names = Encoding.ASCII.GetString(await _store.SaveAsync("a", "b"));

        Assert.All(["index.json", "manifest.json", "oci-layout", "repositories"], n => Assert.Contains(n, names, StringComparison.Ordinal));
        Assert.Contains("\"RepoTags\":[\"a:latest\"]", names, StringComparison.Ordinal);
        Assert.Contains("\"io.containerd.image.name\":\"docker.io/library/b:latest\"", names, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layout_in_a_folder_is_written_and_read()
    {
        Sample sample = Sample.Of(("f", "x"));
        await _store.LoadAsync(sample.OciArchive("a"));
        Directory.CreateDirectory(_store.Path + "/layout");
        using (var sink = new LayoutSink(new DirectoryOutput(Root.Open(_store.Path + "/layout"))))
        {
            await Copy.RunAsync(
                new StoreSource(_store.Images), sink, new OfferedImage(sample.Manifest, [Reference.Parse("b")]),
                PlatformFilter.All, CopyLimits.Default, TestContext.Current.CancellationToken);
            sink.Finish();
        }
        using TestStore other = new();
        using ArchiveInput input = ArchiveInput.Open(_store.Path + "/layout");

        Assert.Equal(["Loaded image: b:latest"], Assert.Single(await TestStore.LoadAsync(other.Images, input)).Lines);
    }

    [Fact]
    public async Task Skopeo_reads_both_forms_and_what_it_writes_loads()
    {
        Sample sample = Sample.Of(("f", "x")).Layer(Sample.Tar(("g", "y")));
        await _store.LoadAsync(sample.DockerArchive("a:1"));
        string saved = _store.Path + "/saved.tar";
        await File.WriteAllBytesAsync(saved, await _store.SaveAsync("a:1"), TestContext.Current.CancellationToken);

        Skopeo("inspect", "docker-archive:" + saved);
        Skopeo("inspect", "oci-archive:" + saved);
        Skopeo("copy", "oci-archive:" + saved, $"docker-archive:{_store.Path}/docker.tar:s:docker");
        Skopeo("copy", "--dest-compress", "docker-archive:" + saved, $"oci:{_store.Path}/dir:docker.io/library/s:oci");

        using TestStore other = new();
        foreach (string path in (string[])["docker.tar", "dir"])
        {
            using ArchiveInput input = ArchiveInput.Open($"{_store.Path}/{path}");
            Assert.Single(await TestStore.LoadAsync(other.Images, input));
        }
        // skopeo writes configs anew when it goes from one kind of manifest to the other; contents must be the same
        DiffId[] contents = [.. _store.Images.Get("a:1").Layers.Select(static l => l.DiffId)];
        Assert.All(["s:docker", "s:oci"], n => Assert.Equal(contents, other.Images.Get(n).Layers.Select(static l => l.DiffId)));
        Assert.Equal(["s:docker", "s:oci"], other.Images.List(ImageFilter.None).Select(static r => r.Name!.Familiar).Order());
    }

    private static void Skopeo(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("skopeo", ["--insecure-policy", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error + output.GetAwaiter().GetResult());
    }
}
