// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Requests;
using Tare.Engine.Containers;

namespace Tare.Cli.Tests.Requests;

public class MountTextTests
{
    [Fact]
    public void A_volume_flag_with_a_path_is_a_bind_whose_source_is_made()
    {
        MountRequest mount = VolumeText.Parse("/a:/b:ro,rslave");

        Assert.Equal(
            new MountRequest(MountKind.Bind, "/a", "/b") { ReadOnly = true, CreatesSource = true, Propagation = "rslave", BindText = "/a:/b:ro,rslave", TmpfsOptions = mount.TmpfsOptions },
            mount);
    }

    [Fact]
    public void A_volume_flag_with_a_name_is_a_volume_and_with_a_target_alone_an_anonymous_one()
    {
        Assert.Equal((MountKind.Volume, "data", "/b"), Parts(VolumeText.Parse("data:/b")));
        Assert.Equal((MountKind.Volume, null, "/b"), Parts(VolumeText.Parse("/b")));
    }

    [Fact]
    public void A_relative_source_is_meant_from_the_current_folder() =>
        Assert.Equal(Path.GetFullPath("./x"), VolumeText.Parse("./x:/b").Source);

    [Theory]
    [InlineData("")]
    [InlineData(":/b")]
    [InlineData("/a:")]
    [InlineData("/a:b")]
    [InlineData("b")]
    [InlineData("/a:/")]
    [InlineData("/a:/b:rx")]
    [InlineData("/a:/b:ro:x")]
    [InlineData("n@me:/b")]
    [InlineData("../..x/:/")]
    public void A_wrong_volume_is_refused(string text) => Assert.Throws<FormatException>(() => VolumeText.Parse(text));

    [Fact]
    public void A_mount_flag_names_its_fields()
    {
        Assert.Equal((MountKind.Bind, "/a", "/b"), Parts(MountText.Parse("type=bind,source=/a,target=/b,readonly")));
        Assert.True(MountText.Parse("type=bind,src=/a,dst=/b,ro=true").ReadOnly);
        Assert.False(MountText.Parse("type=bind,src=/a,dst=/b").CreatesSource);
        Assert.Equal(0x3ffu, MountText.Parse("type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777").TmpfsMode);
        Assert.Equal(1 << 20, MountText.Parse("type=tmpfs,target=/t,tmpfs-size=1m").TmpfsSize);
        Assert.Equal((MountKind.Volume, "v1", "/b"), Parts(MountText.Parse("src=v1,dst=/b")));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("type=bind,source=/a")]
    [InlineData("type=bind,target=/b")]
    [InlineData("type=tmpfs,source=/a,target=/b")]
    [InlineData("type=disk,target=/b")]
    [InlineData("type=bind,source=/a,target=b")]
    [InlineData("type=bind,source=/a,target=/b,ro=maybe")]
    [InlineData("type=tmpfs,target=/t,tmpfs-mode=9")]
    [InlineData("type=tmpfs,target=/t,tmpfs-mode=17777")]
    [InlineData("colour=red,target=/t")]
    public void A_wrong_mount_is_refused(string text) => Assert.Throws<FormatException>(() => MountText.Parse(text));

    [Fact]
    public void A_tmpfs_flag_takes_the_options_of_mount()
    {
        MountRequest mount = TmpfsText.Parse("/run:rw,noexec,size=64m,mode=755");

        Assert.Equal((MountKind.Tmpfs, null, "/run"), Parts(mount));
        Assert.Equal(64 << 20, mount.TmpfsSize);
        Assert.Equal(0x1edu, mount.TmpfsMode);
        Assert.Equal(["rw", "noexec"], mount.TmpfsOptions);
        Assert.Throws<FormatException>(() => TmpfsText.Parse("/run:bogus"));
        Assert.Throws<FormatException>(() => TmpfsText.Parse("run"));
    }

    private static (MountKind Kind, string? Source, string Target) Parts(MountRequest mount) =>
        (mount.Kind, mount.Source, mount.Target);
}
