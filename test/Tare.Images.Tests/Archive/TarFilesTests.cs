// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Hostile;
using Tare.Images.Archive;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Tests.Archive;

public sealed class TarFilesTests
{
    [Fact]
    public void Links_inside_the_archive_are_followed_as_podman_writes_them()
    {
        using TarFiles files = Open(new RawTar()
            .File("./abc.tar", "one").Symlink("x/layer.tar", "../abc.tar").HardLink("y/layer.tar", "abc.tar").Symlink("z", "x/layer.tar"));

        Assert.All(["abc.tar", "./abc.tar", "x/layer.tar", "y/layer.tar", "z"], name => Assert.Equal("one", Read(files, name)));
    }

    [Fact]
    public void Links_that_leave_or_turn_in_circles_lead_nowhere()
    {
        using TarFiles files = Open(new RawTar()
            .Symlink("a", "b").Symlink("b", "a").Symlink("c", "/etc/passwd").Symlink("d", "../../etc/passwd").Directory("e"));

        Assert.All(["a", "b", "c", "d", "e", "f", ""], name => Assert.Null(files.TryOpen(name)));
    }

    [Fact]
    public void The_later_of_two_entries_counts()
    {
        using TarFiles files = Open(new RawTar().File("a", "old").File("b", "x").File("a", "new").Directory("b"));

        Assert.Equal("new", Read(files, "a"));
        Assert.Null(files.TrySize("b"));
    }

    private static TarFiles Open(RawTar tar)
    {
        using Fd folder = HostPath.OpenDirectory("/var/tmp");
        Fd file = folder.OpenTemporary(0x180);
        file.Write(tar.End());
        return TarFiles.Open(file, TestContext.Current.CancellationToken);
    }

    private static string Read(TarFiles files, string name)
    {
        using var text = new StreamReader(files.TryOpen(name)!, Encoding.ASCII);
        return text.ReadToEnd();
    }
}
