// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public sealed class ContainerCgroupTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();
    private readonly ContainerId _id = ContainerId.Create();
    private readonly string _parent = $"tare-test-{Guid.NewGuid():N}";
    private readonly CgroupHost _host = CgroupHost.Detect();

    private TareEngine Engine => _temporary.Engine;

    public void Dispose()
    {
        foreach (string path in _host.Hierarchies.Select(hierarchy => hierarchy.PathOf(_parent)).Where(Directory.Exists))
        {
            Directory.Delete(path);
        }

        _temporary.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_asked_is_the_store_s_own_parent(string? parent)
    {
        Assert.Equal($"/tare-{Engine.Folders.StoreId}/{_id}", ContainerCgroup.PathOf(Engine, _id, Asking(parent)));
        Assert.All(
            ContainerCgroup.Of(Engine, _id).Paths,
            path => Assert.EndsWith($"/tare-{Engine.Folders.StoreId}/{_id}", path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/a/../b", "/b/")]
    [InlineData("a.slice", "a.slice/")]
    public void A_parent_is_in_the_spec(string parent, string path) =>
        Assert.Equal(path + _id.Text, ContainerCgroup.PathOf(Engine, _id, Asking(parent)));

    [Fact]
    public void What_is_no_parent_is_refused()
    {
        TareException refused = Assert.Throws<TareException>(() => ContainerCgroup.PathOf(Engine, _id, Asking("/a/../../b")));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Equal("invalid cgroup parent \"/a/../../b\": it leads out of the tree of cgroups", refused.Message);
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void Where_it_was_made_it_is_found_and_removed_and_the_parent_stays()
    {
        Cgroup made = ContainerCgroup.Make(Engine, _id, Asking($"/{_parent}"), _host, CgroupLimits.None);

        Assert.All(made.Paths, path => Assert.EndsWith($"/{_parent}/{_id}", path, StringComparison.Ordinal));
        Assert.Equal(made.Paths, ContainerCgroup.Of(Engine, _id).Paths);
        Assert.Equal(made.HasUnified, ContainerCgroup.Of(Engine, _id).HasUnified);
        Engine.Folders.RemoveLive(_id.Text);
        Assert.Equal(made.Paths, ContainerCgroup.Of(Engine, _id).Paths);

        ContainerCgroup.Remove(Engine, _id);
        Assert.All(made.Paths, path => Assert.False(Directory.Exists(path)));
        Assert.All(made.Paths, path => Assert.True(Directory.Exists(Path.GetDirectoryName(path))));
        Assert.Null(CgroupPlaces.TryRead(Engine.Folders, _id.Text));
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void A_parent_that_cannot_be_made_is_named_and_leaves_nothing()
    {
        string parent = $"/{_parent}/cgroup.procs/x";

        TareException refused = Assert.Throws<TareException>(
            () => ContainerCgroup.Make(Engine, _id, Asking(parent), _host, CgroupLimits.None));

        Assert.Equal(ErrorKind.FailedPrecondition, refused.Kind);
        Assert.StartsWith($"container {_id.Short}: cgroup parent \"{parent}\": ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(CgroupPlaces.List(Engine.Folders));
        Assert.All(_host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(_parent))));
    }

    private static RunRequest Asking(string? parent) => new() { Image = "busybox", CgroupParent = parent };
}
