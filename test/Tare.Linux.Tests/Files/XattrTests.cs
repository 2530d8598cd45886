// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

[Trait("ring", "kernel")]
public sealed class XattrTests : IDisposable
{
    /// <summary>cap_net_raw+ep, revision 2.</summary>
    private static readonly byte[] Capability =
        [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attributes_come_and_go_through_any_handle(bool pathOnly)
    {
        _scratch.Write("f"u8, "x"u8).Dispose();
        using Fd file = _scratch.Fd.Open("f"u8, pathOnly ? OpenFlags.Path : OpenFlags.ReadOnly);

        file.SetXattr("security.capability"u8, Capability);
        file.SetXattr("trusted.overlay.opaque"u8, "y"u8);
        file.SetXattr("user.empty"u8, default);
        file.SetXattr("user.empty"u8, default);

        Assert.Equal(Capability, file.GetXattr("security.capability"u8)!);
        Assert.Equal("y"u8, file.GetXattr("trusted.overlay.opaque"u8)!);
        Assert.Equal([], file.GetXattr("user.empty"u8)!);
        Assert.Null(file.GetXattr("user.none"u8));
        Assert.Equal(3, file.ListXattrs().Count);
        Assert.True(file.RemoveXattr("user.empty"u8));
        Assert.False(file.RemoveXattr("user.empty"u8));
    }

    [Fact]
    public void A_symbolic_link_has_trusted_attributes_of_its_own_and_no_user_ones()
    {
        _scratch.Write("f"u8, "x"u8).Dispose();
        _scratch.Fd.MakeSymlink("link"u8, "f"u8);

        _scratch.Fd.SetXattr("link"u8, "trusted.tare"u8, "mine"u8);
        var e = Assert.Throws<LinuxException>(() => _scratch.Fd.SetXattr("link"u8, "user.tare"u8, "x"u8));

        Assert.Equal(Errno.EPERM, e.Errno);
        using Fd link = _scratch.Fd.Open("link"u8, OpenFlags.Path);
        using Fd file = _scratch.Fd.Open("f"u8, OpenFlags.Path);
        Assert.Equal("mine"u8, link.GetXattr("trusted.tare"u8)!);
        Assert.Empty(file.ListXattrs());
    }

    [Fact]
    public void File_systems_without_attributes_have_none()
    {
        using Fd file = HostPath.Open("/proc/self/status", OpenFlags.ReadOnly);

        Assert.Null(file.GetXattr("user.x"u8));
        Assert.Empty(file.ListXattrs());
    }
}
