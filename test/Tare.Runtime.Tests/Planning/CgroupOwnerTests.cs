// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

public sealed class CgroupOwnerTests
{
    private static readonly Namespace[] Own = [new(NamespaceType.Cgroup), new(NamespaceType.User)];

    [Fact]
    public void The_first_user_of_a_user_namespace_owns_a_cgroup_that_it_may_write_to() =>
        Assert.Equal(70_005u, CgroupOwner.Of(Of(5, Own, "rw"), isUnifiedAlone: true));

    [Fact]
    public void Without_a_user_namespace_it_is_the_user_itself() =>
        Assert.Equal(5u, CgroupOwner.Of(Of(5, [new(NamespaceType.Cgroup)], "rw"), isUnifiedAlone: true));

    [Fact]
    public void Root_has_it_already() =>
        Assert.Null(CgroupOwner.Of(Of(0, [new(NamespaceType.Cgroup)], "rw"), isUnifiedAlone: true));

    [Fact]
    public void Version_1_is_not_given_away() => Assert.Null(CgroupOwner.Of(Of(5, Own, "rw"), isUnifiedAlone: false));

    [Theory]
    [InlineData("ro")]
    [InlineData("rw,ro")]
    public void A_cgroup_that_cannot_be_written_to_stays_with_root(string options) =>
        Assert.Null(CgroupOwner.Of(Of(5, Own, options.Split(',')), isUnifiedAlone: true));

    [Fact]
    public void So_does_that_of_a_container_which_sees_the_hosts_or_another() => Assert.All(
        (Namespace[][])[[new(NamespaceType.User)], [new(NamespaceType.User), new(NamespaceType.Cgroup, "/proc/1/ns/cgroup")]],
        spaces => Assert.Null(CgroupOwner.Of(Of(5, spaces, "rw"), isUnifiedAlone: true)));

    [Fact]
    public void The_last_mount_there_counts()
    {
        Spec spec = Of(5, Own, "rw");

        Assert.Null(CgroupOwner.Of(
            spec with { Mounts = [.. spec.Mounts!, new("/sys/fs/cgroup") { Type = "tmpfs" }] }, isUnifiedAlone: true));
        Assert.Null(CgroupOwner.Of(spec with { Mounts = null }, isUnifiedAlone: true));
    }

    private static Spec Of(uint user, Namespace[] spaces, params string[] options) => new(Spec.CurrentVersion)
    {
        Process = new("/") { Args = ["sh"], User = new(user, 0) },
        Mounts = [new("/sys/fs/cgroup/") { Type = "cgroup", Options = options }],
        Linux = new() { Namespaces = spaces, UidMappings = [new(0, 70_000, 1000)] },
    };
}
