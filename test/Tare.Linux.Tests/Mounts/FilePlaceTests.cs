// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Linux.Tests.Mounts;

[Trait("ring", "kernel")]
public class FilePlaceTests
{
    [Fact]
    public void A_bind_of_something_inside_is_recognised_wherever_it_is() => OwnMounts.Run(static scratch =>
    {
        Directory.CreateDirectory($"{scratch.Path}/store/in/side");
        Directory.CreateDirectory($"{scratch.Path}/store2");
        FilePlace place = Place($"{scratch.Path}/store");

        Assert.True(place.Holds(Bind(scratch, "store/in/side")));
        Assert.False(place.Holds(Bind(scratch, "store")));
        Assert.True(place.IsShownBy(Bind(scratch, "store")));
        MountEntry beside = Bind(scratch, "store2");
        Assert.False(place.Holds(beside) || place.IsShownBy(beside));
    });

    [Fact]
    public void A_file_system_of_its_own_is_not_a_mount_of_itself() => OwnMounts.Run(static scratch =>
    {
        Directory.CreateDirectory($"{scratch.Path}/disk");
        using FileSystemContext tmpfs = new("tmpfs");
        using Fd mount = tmpfs.Create(MountAttributes.None);
        using (Fd target = HostPath.Open($"{scratch.Path}/disk", OpenFlags.Path))
        {
            Mount.Attach(mount, target);
        }

        FilePlace place = Place($"{scratch.Path}/disk");
        IReadOnlyList<MountEntry> mounts = MountTable.Read();

        Assert.Equal("/"u8.ToArray(), place.InFileSystem);
        Assert.DoesNotContain(mounts, mount => place.Holds(mount) || place.IsShownBy(mount));
        Assert.True(place.IsShownBy(Bind(scratch, "disk")));
        Assert.True(Mount.TryDetach($"{scratch.Path}/disk"));
    });

    private static FilePlace Place(string path)
    {
        using Fd folder = HostPath.OpenDirectory(path);
        return FilePlace.TryFind(folder, MountTable.Read())!;
    }

    private static MountEntry Bind(Scratch scratch, string name)
    {
        string target = $"{scratch.Path}/{Guid.NewGuid():N}";
        Directory.CreateDirectory(target);
        using Fd source = HostPath.Open($"{scratch.Path}/{name}", OpenFlags.Path);
        using Fd clone = Mount.Clone(source);
        using Fd place = HostPath.Open(target, OpenFlags.Path);
        Mount.Attach(clone, place);
        MountEntry entry = MountTable.Read().Single(mount => Encoding.UTF8.GetString(mount.MountPoint) == target);
        Assert.True(Mount.TryDetach(target));
        return entry;
    }
}
