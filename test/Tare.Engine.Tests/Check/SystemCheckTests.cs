// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Tests.Check;

public sealed class SystemCheckTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_new_store_is_clean_and_stays_as_it_is()
    {
        Assert.Empty(Look().Findings);
        Assert.Equal(["containers"], Directory.GetFileSystemEntries(_temporary.Root).Select(Path.GetFileName));

        Assert.Empty(_temporary.Engine.Containers.List());
        CheckReport report = Look(isQuick: true);

        Assert.Empty(report.Findings);
        Assert.Equal((0, 0, 0), (report.Containers, report.Running, report.Images));
        Assert.Null(report.Bytes);
    }

    [Fact]
    public void A_folder_that_is_no_store_is_never_repaired()
    {
        string precious = Directory.CreateDirectory($"{_temporary.Root}/containers/precious").FullName;
        File.WriteAllText($"{_temporary.Root}/notes", "");

        Assert.Equal([$"{_temporary.Root}/notes"], Look().Findings.Select(static f => f.Subject));
        TareException refused = Assert.Throws<TareException>(() => Repair());

        Assert.Equal(ErrorKind.FailedPrecondition, refused.Kind);
        Assert.True(Directory.Exists(precious));
    }

    [Fact]
    public void What_is_gone_a_moment_later_was_no_finding()
    {
        _temporary.Engine.Containers.List();
        string passing = Directory.CreateDirectory($"{_temporary.Root}/containers/{ContainerId.Create()}").FullName;
        string staying = Directory.CreateDirectory($"{_temporary.Root}/containers/{ContainerId.Create()}").FullName;
        var remover = new Thread(() =>
        {
            Thread.Sleep(200);
            Directory.Delete(passing);
        });
        remover.Start();

        CheckReport report = Look();

        remover.Join();
        Assert.Equal([Path.GetFileName(staying)], report.Findings.Select(static f => f.Subject));
    }

    [Fact]
    public void A_repair_says_what_it_removed_and_what_it_left()
    {
        _temporary.Engine.Containers.List();
        string id = ContainerId.Create().Text;
        Directory.CreateDirectory($"{_temporary.Root}/containers/{id}");
        File.WriteAllText($"{_temporary.Run}/ops/{ContainerId.Create()}", "");
        File.WriteAllText($"{_temporary.Root}/notes", "");

        CheckReport report = Repair();

        Assert.Equal(["container", "operation"], report.Removed.Select(static f => f.Kind).Order());
        Assert.Equal([$"{_temporary.Root}/notes"], report.Findings.Select(static f => f.Subject));
        Assert.True(File.Exists($"{_temporary.Root}/notes"));
    }

    [Fact]
    public void A_database_that_is_none_is_a_finding_and_the_rest_is_looked_at()
    {
        _temporary.Engine.Images.List(ImageFilter.None);
        _temporary.Engine.Images.Dispose();
        File.WriteAllText($"{_temporary.Root}/images.db", new string('x', 8192));
        File.Delete($"{_temporary.Root}/images.db-wal");
        string id = ContainerId.Create().Text;
        Directory.CreateDirectory($"{_temporary.Root}/containers/{id}");

        CheckReport report = Look();

        Assert.Equal(["container", "unreadable"], report.Findings.Select(static f => f.Kind).Order());
        Assert.Contains(report.Findings, static f => f.Text.StartsWith("images.db: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_are_counted_by_owner()
    {
        _temporary.Engine.Containers.List();
        long before = Bytes("volumes");
        Directory.CreateDirectory($"{_temporary.Root}/volumes/v");
        File.WriteAllBytes($"{_temporary.Root}/volumes/v/f", new byte[1 << 20]);

        Assert.InRange(Bytes("volumes") - before, 1 << 20, (1 << 20) + 65536);
        Assert.Equal(Look().Bytes!.Owners.Sum(static owner => owner.Bytes), Look().Bytes!.Total);

        long Bytes(string owner) => Look().Bytes!.Owners.Single(pair => pair.Owner == owner).Bytes;
    }

    private CheckReport Look(bool isQuick = false)
    {
        using TareEngine other = TareEngine.Open(_temporary.Root, _temporary.Run);
        return new SystemCheck(other, isQuick).Look();
    }

    private CheckReport Repair()
    {
        using TareEngine other = TareEngine.Open(_temporary.Root, _temporary.Run);
        return new SystemCheck(other, isQuick: false).Repair();
    }
}
