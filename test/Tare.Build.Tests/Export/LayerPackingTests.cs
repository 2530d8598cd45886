// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Tests.Steps;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Tests.Export;

public sealed class LayerPackingTests
{
    private static readonly FileTime Moment = new(315532800, 0);

    [Fact]
    public void Equal_trees_give_equal_layers_whenever_they_were_written()
    {
        using TempTree one = new TempTree().With("b", "2").With("a", "1").Linked("l", "a");
        using TempTree other = new TempTree().Linked("l", "a").With("a", "1").With("b", "2");

        Assert.Equal(Pack(one, isBound: false), Pack(other, isBound: false));
    }

    [Fact]
    public void The_digests_are_those_of_the_bytes()
    {
        using TempTree tree = new TempTree().With("a", "1");
        using Fd file = HostPath.Open(tree.Folder, OpenFlags.ReadWrite | OpenFlags.TemporaryFile, 0b110_000_000);
        using Root upper = Root.Open(tree.Folder);

        (DiffId diffId, Descriptor blob) = LayerPacking.Pack(upper, file, null, TestContext.Current.CancellationToken);

        file.Seek(0);
        byte[] packed = file.ReadAll(1 << 20);
        Assert.Equal((blob.Digest, blob.Size), (Digest.Of(packed), (long)packed.Length));
        using UnpackingStream tar = Unpacking.Open(new MemoryStream(packed));
        using var bytes = new MemoryStream();
        tar.CopyTo(bytes);
        Assert.Equal(diffId.Digest, Digest.Of(bytes.ToArray()));
    }

    [Fact]
    public void Older_times_came_with_the_data_and_stay_unless_a_moment_bounds_them()
    {
        DateTime old = new(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using TempTree tree = new TempTree().With("new", "1").With("old", "1");
        File.SetLastWriteTimeUtc(tree.Path("old"), old);
        using Fd upper = HostPath.OpenDirectory(tree.Folder);

        new LayerTimes(DateTimeOffset.UtcNow.AddMinutes(-1), Moment, isBound: false).Settle(upper);

        Assert.Equal((Moment.Seconds, new DateTimeOffset(old).ToUnixTimeSeconds()), (Time(tree, "new"), Time(tree, "old")));

        new LayerTimes(DateTimeOffset.UtcNow.AddMinutes(-1), Moment, isBound: true).Settle(upper);

        Assert.Equal(Moment.Seconds, Time(tree, "old"));
    }

    private static long Time(TempTree tree, string name) => HostPath.TryStatus(tree.Path(name))!.Value.ModifyTime.Seconds;

    private static string Pack(TempTree tree, bool isBound)
    {
        using (Fd settled = HostPath.OpenDirectory(tree.Folder))
        {
            new LayerTimes(DateTimeOffset.UtcNow.AddMinutes(-1), Moment, isBound).Settle(settled);
        }

        using Fd file = HostPath.Open(tree.Folder, OpenFlags.ReadWrite | OpenFlags.TemporaryFile, 0b110_000_000);
        using Root upper = Root.Open(tree.Folder);
        (DiffId diffId, Descriptor blob) = LayerPacking.Pack(upper, file, null, TestContext.Current.CancellationToken);
        return $"{diffId} {blob.Digest}";
    }
}
