// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Names;

namespace Tare.Keeper.Tests.Names;

public sealed class NameFilesTests : IDisposable
{
    private readonly string _path = Directory.CreateDirectory($"/dev/shm/tare-networks-{Guid.NewGuid():N}").FullName;
    private readonly NameFiles _files;

    public NameFilesTests() => _files = new(_path, TimeProvider.System);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Networks_that_come_and_go_are_seen_also_right_after_each_other()
    {
        for (int i = 0; i < 20; i++)
        {
            Directory.CreateDirectory($"{_path}/n{i}");
            IReadOnlyList<string>? listed = _files.TryList();
            Assert.NotNull(listed);
            Assert.Contains($"{_path}/n{i}/names", listed);
        }

        Directory.Delete($"{_path}/n7");
        Assert.DoesNotContain($"{_path}/n7/names", _files.TryList()!);
    }

    [Fact]
    public void What_has_not_changed_for_a_while_is_not_listed_again()
    {
        Directory.CreateDirectory($"{_path}/a");
        Directory.SetLastWriteTimeUtc(_path, DateTime.UnixEpoch);

        Assert.Equal([$"{_path}/a/names"], _files.TryList());
        Assert.Null(_files.TryList());
    }

    [Fact]
    public void Without_the_folder_there_are_none()
    {
        var none = new NameFiles($"{_path}/none", TimeProvider.System);

        Assert.Null(none.TryList());
        Directory.CreateDirectory($"{_path}/none/a");
        Assert.Single(none.TryList()!);
    }
}
