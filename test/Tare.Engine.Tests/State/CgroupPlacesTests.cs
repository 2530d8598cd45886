// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Tests.State;

public sealed class CgroupPlacesTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();
    private readonly string _id = ContainerId.Create().Text;

    private EngineFolders Folders => _temporary.Engine.Folders;

    private string File => $"{_temporary.Run}/cgroups/{_id}";

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_place_is_known_until_nothing_is_there()
    {
        string there = Directory.CreateDirectory($"{_temporary.Run}/x/{_id}").FullName;
        Assert.Null(CgroupPlaces.TryRead(Folders, _id));
        CgroupPlaces.Write(Folders, _id, new([there, $"/gone/{_id}"]) { HasUnified = true });

        Folders.RemoveLive(_id);
        Cgroup found = CgroupPlaces.TryRead(Folders, _id)!;
        Assert.Equal([there, $"/gone/{_id}"], found.Paths);
        Assert.True(found.HasUnified);
        Assert.Equal([there], CgroupPlaces.Existing(found));
        Assert.Equal(_id, Assert.Single(CgroupPlaces.List(Folders)).Name);

        Directory.Delete(there);
        Folders.RemoveLive(_id);
        Assert.Null(CgroupPlaces.TryRead(Folders, _id));
        Assert.Empty(CgroupPlaces.List(Folders));
    }

    [Fact]
    public void Nothing_is_written_for_the_usual_place()
    {
        Folders.RemoveLive(_id);

        Assert.False(Directory.Exists($"{_temporary.Run}/cgroups"));
        Assert.Empty(CgroupPlaces.List(Folders));
    }

    [Theory]
    [InlineData("end\n")]
    [InlineData("v1 a/ID\nend\n")]
    [InlineData("v1 /a/other\nend\n")]
    [InlineData("v1 /a/xID\nend\n")]
    [InlineData("v1 /a/../ID\nend\n")]
    [InlineData("v1 /a/ID\nunified /a/ID\nend\n")]
    [InlineData("v3 /a/ID\nend\n")]
    public void What_does_not_name_directories_of_this_container_is_refused(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text.Replace("ID", _id, StringComparison.Ordinal));

        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<TareException>(() => CgroupPlaces.TryRead(Folders, _id)).Kind);
        Assert.Null(Assert.Single(CgroupPlaces.List(Folders)).Cgroup);
        CgroupPlaces.Release(Folders, _id);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1 /a/ID\n")]
    [InlineData("v1 /a/ID\nv1 /b/ID\nen")]
    public void Who_died_while_he_wrote_had_made_nothing(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text.Replace("ID", _id, StringComparison.Ordinal));

        Assert.Null(CgroupPlaces.TryRead(Folders, _id));
        Assert.Null(Assert.Single(CgroupPlaces.List(Folders)).Cgroup);
        Folders.RemoveLive(_id);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        Cgroup? v1 = CgroupPlaces.Parse(Encoding.UTF8.GetBytes($"v1 /sys/a b/ü/{_id}\nv1 /c/{_id}\nend\n"), _id);

        Assert.Equal([$"/sys/a b/ü/{_id}", $"/c/{_id}"], v1!.Paths);
        Assert.False(v1.HasUnified);
    }
}
