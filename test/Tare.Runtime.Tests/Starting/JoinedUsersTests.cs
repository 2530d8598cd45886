// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Starting;

namespace Tare.Runtime.Tests.Starting;

public sealed class JoinedUsersTests
{
    [Fact]
    public void Lines_of_the_kernel_are_ranges() => Assert.Equal(
        [new IdMapping(0, 1_879_048_192, 65_536), new IdMapping(65_536, 4_294_967_295, 1)],
        JoinedUsers.Parse("         0 1879048192      65536\n     65536 4294967295          1\n"u8));

    [Fact]
    public void A_namespace_without_maps_has_no_range() => Assert.Empty(JoinedUsers.Parse([]));

    [Fact]
    public void A_spec_that_joins_no_user_namespace_stays_as_it_is()
    {
        var spec = new Spec("1.2.0")
        {
            Linux = new() { Namespaces = [new(NamespaceType.User), new(NamespaceType.Pid, "/proc/1/ns/pid")], UidMappings = [new(0, 1, 1)] },
        };

        Assert.Same(spec, JoinedUsers.Complete(spec));
        Assert.Same(spec, JoinedUsers.Complete(spec, Environment.ProcessId));
    }

    [Fact]
    public void One_that_joins_gets_the_maps_of_whoever_is_in_it()
    {
        var spec = new Spec("1.2.0") { Linux = new() { Namespaces = [new(NamespaceType.User, "/gone")] } };

        LinuxSpec linux = JoinedUsers.Complete(spec, Environment.ProcessId).Linux!;

        Assert.Equal(JoinedUsers.Parse(File.ReadAllBytes("/proc/self/uid_map")), linux.UidMappings);
        Assert.Equal(JoinedUsers.Parse(File.ReadAllBytes("/proc/self/gid_map")), linux.GidMappings);
    }
}
