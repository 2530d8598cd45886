// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Tests.Store;

/// <summary>A store in a folder of its own, removed with it.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly byte[] _name = AtomicFile.TemporaryName();

    public TestStore()
    {
        Path = "/var/tmp/" + Encoding.ASCII.GetString(_name);
        Images = ImageStore.Open(Path);
    }

    public string Path { get; }

    public ImageStore Images { get; }

    /// <summary>The same store as another process sees it.</summary>
    public ImageStore Reopen() => ImageStore.Open(Path);

    public async Task<List<LoadedImage>> LoadAsync(byte[] archive)
    {
        using ArchiveInput input = ArchiveInput.From("test.tar", new MemoryStream(archive));
        return await LoadAsync(Images, input);
    }

    public static async Task<List<LoadedImage>> LoadAsync(ImageStore store, ArchiveInput input)
    {
        List<LoadedImage> loaded = [];
        await foreach (LoadedImage image in store.LoadAsync(input, platform: null, TestContext.Current.CancellationToken))
        {
            loaded.Add(image);
        }
        return loaded;
    }

    public async Task<byte[]> SaveAsync(params string[] names)
    {
        using var output = new MemoryStream();
        await Images.SaveAsync(names, platform: null, output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    /// <summary>Names in a folder of the store.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        using Fd? fd = HostPath.TryOpen($"{Path}/{folder}", OpenFlags.ReadOnly | OpenFlags.Directory);
        return fd is null ? [] : [.. fd.SortedNames(10_000).Select(Encoding.ASCII.GetString)];
    }

    public void Dispose()
    {
        Images.Dispose();
        using Fd parent = HostPath.OpenDirectory("/var/tmp");
        FileTree.Remove(parent, _name);
    }
}
