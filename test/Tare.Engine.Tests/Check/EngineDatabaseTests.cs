// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Images.Sql;

namespace Tare.Engine.Tests.Check;

public sealed class EngineDatabaseTests : IDisposable
{
    private readonly Checked _store = new(static engine => new EngineDatabase(engine));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_use_of_a_volume_by_a_container_without_a_record_is_forgotten()
    {
        var gone = ContainerId.Create();
        _store.Engine.Volumes.Use("data", gone);
        (string anonymous, _) = _store.Engine.Volumes.Use(null, gone);
        _store.Engine.Volumes.Use("data", _store.Insert("user").Id);

        Assert.Equal([$"volume-use {gone}: it uses volumes and has no record"], _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Equal(["data"], _store.Engine.Volumes.List().Select(static volume => volume.Name));
        Assert.False(Directory.Exists($"{_store.Root}/volumes/{anonymous}"));
    }

    [Fact]
    public void A_container_that_is_being_made_may_use_volumes_before_it_has_a_record()
    {
        var id = ContainerId.Create();
        using Operation operation = Operation.Begin(_store.Engine.Folders, id.Text);
        _store.Engine.Volumes.Use("data", id);

        Assert.Empty(_store.Look());
    }

    [Fact]
    public void A_damaged_page_is_named()
    {
        for (int i = 0; i < 200; i++)
        {
            _store.Insert($"c{i}");
        }

        _store.Engine.Dispose();
        using (SqlDatabase database = SqlDatabase.Open($"{_store.Root}/engine.db", EngineSchema.Current))
        {
            database.Change("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        byte[] bytes = File.ReadAllBytes($"{_store.Root}/engine.db");
        bytes.AsSpan(4096 * 8, 4096).Fill(0xff);
        File.WriteAllBytes($"{_store.Root}/engine.db", bytes);
        using TareEngine engine = TareEngine.Open(_store.Root, _store.Run);

        CheckReport report = new SystemCheck(engine, isQuick: true).Look();

        Assert.Contains(report.Findings, static f => f is { Subject: "engine.db", Repairable: false });
    }

    [Theory]
    [InlineData("0123abcd", true)]
    [InlineData("0123ABCD", false)]
    [InlineData("0123abcd\n", false)]
    [InlineData("", false)]
    public void The_id_of_the_store_is_eight_hex_digits(string text, bool isFine)
    {
        File.WriteAllText($"{_store.Root}/id", text);

        Assert.Equal(isFine ? [] : ["store id: it is not a store id"], _store.Look());
    }

    [Fact]
    public void A_look_makes_no_id()
    {
        _store.Look();

        Assert.False(File.Exists($"{_store.Root}/id"));
    }
}
