// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class CapabilityNamesTests
{
    private const string Default =
        "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE";

    [Theory]
    [InlineData("", "", Default)]
    [InlineData("NET_ADMIN", "", Default + " NET_ADMIN")]
    [InlineData("cap_net_admin", "", Default + " NET_ADMIN")]
    [InlineData("Net_Admin CAP_NET_ADMIN KILL", "", Default + " NET_ADMIN")]
    [InlineData("", "ALL", "")]
    [InlineData("KILL", "ALL", "KILL")]
    [InlineData("SYS_ADMIN", "all", "SYS_ADMIN")]
    [InlineData("", "MKNOD AUDIT_WRITE", "CHOWN DAC_OVERRIDE FSETID FOWNER NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL")]
    [InlineData("KILL", "KILL", Default)]
    public void Added_and_dropped_as_in_docker(string add, string drop, string expected) =>
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            Choose(add, drop).Select(static name => name[4..]).Order());

    [Fact]
    public void All_is_what_the_kernel_has()
    {
        Assert.Equal(41, Choose("ALL", "").Count);
        Assert.Equal(40, Choose("ALL", "SYS_ADMIN").Count);
        Assert.Equal(41, Choose("ALL", "ALL").Count);
        Assert.Equal(38, CapabilityNames.Choose(["ALL"], [], isPrivileged: false, last: 37).Count);
        Assert.DoesNotContain("CAP_BPF", CapabilityNames.Choose(["BPF"], [], isPrivileged: false, last: 37));
        Assert.Equal(41, CapabilityNames.Choose([], ["ALL"], isPrivileged: true, CapabilityNames.Newest).Count);
        Assert.Equal(41, CapabilityNames.Choose([], [], isPrivileged: true, last: 63).Count);
    }

    [Theory]
    [InlineData("NOPE")]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_CAP_KILL")]
    [InlineData("CAP_ALL")]
    [InlineData("KILL\n")]
    [InlineData("5")]
    public void An_unknown_name_is_refused(string name)
    {
        Assert.Throws<TareException>(() => CapabilityNames.Choose([name], [], isPrivileged: false, CapabilityNames.Newest));
        Assert.Throws<TareException>(() => CapabilityNames.Choose([], [name], isPrivileged: true, CapabilityNames.Newest));
    }

    private static IReadOnlyList<string> Choose(string add, string drop) => CapabilityNames.Choose(
        add.Split(' ', StringSplitOptions.RemoveEmptyEntries), drop.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isPrivileged: false, CapabilityNames.Newest);
}
