// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Store;

public sealed class ReserveTests : IDisposable
{
    private readonly TestStore _store = new();

    private bool IsThere => File.Exists($"{_store.Path}/reserve");

    public void Dispose() => _store.Dispose();

    [Fact]
    public void It_is_given_up_for_one_more_attempt_and_set_aside_again()
    {
        Reserve.Keep(_store.Images.Folder);
        Assert.Equal(1 << 20, new FileInfo($"{_store.Path}/reserve").Length);
        int attempts = 0;

        int result = Reserve.Use(_store.Images.Folder, () => ++attempts == 1 ? throw Full() : 7);

        Assert.Equal((7, 2, false), (result, attempts, IsThere));
        new Collector(_store.Images).Collect();
        Assert.True(IsThere);
    }

    [Fact]
    public void What_fails_twice_has_failed_and_what_fails_otherwise_is_not_tried_again()
    {
        Reserve.Keep(_store.Images.Folder);
        int attempts = 0;

        Assert.Throws<TareException>(() => Reserve.Use<int>(_store.Images.Folder, () => throw Counted(new TareException(ErrorKind.Conflict, "in use"))));
        Assert.Equal((1, true), (attempts, IsThere));
        Assert.Throws<TareException>(() => Reserve.Use<int>(_store.Images.Folder, () => throw Counted(Full())));
        Assert.Equal((3, false), (attempts, IsThere));

        TareException Counted(TareException e)
        {
            attempts++;
            return e;
        }
    }

    [Fact]
    [Trait("ring", "kernel")]
    public async Task Whoever_loads_sets_it_aside()
    {
        await _store.LoadAsync(Sample.Of(("f", "1")).DockerArchive("a"));

        Assert.True(IsThere);
    }

    private static TareException Full() => new(ErrorKind.ResourceExhausted, "no space left on device");
}
