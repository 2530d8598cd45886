// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Building;
using Tare.Images.Sql;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Store;

[Trait("ring", "kernel")]
public sealed class CatalogTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_store_of_a_newer_version_is_not_touched()
    {
        using (SqlDatabase database = SqlDatabase.Open($"{_store.Path}/images.db", CatalogSchema.Current))
        {
            database.Change("PRAGMA user_version = 99");
        }

        TareException e = Assert.Throws<TareException>(_store.Reopen);

        Assert.Equal(ErrorKind.NotSupported, e.Kind);
        Assert.EndsWith("images.db: written by a newer tare (schema 99, this one knows 3)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_version_1_gets_what_the_builder_keeps()
    {
        using (SqlDatabase database = SqlDatabase.Open($"{_store.Path}/images.db", CatalogSchema.Current))
        {
            database.Change("DROP TABLE built");
            database.Change("PRAGMA user_version = 1");
        }

        using SqlDatabase again = SqlDatabase.Open($"{_store.Path}/images.db", CatalogSchema.Current);
        Assert.Empty(again.Read(static row => row.GetString(0), "SELECT key FROM built"));
        Assert.Equal([3], again.Read(static row => row.GetInt64(0), "PRAGMA user_version"));
    }

    [Fact]
    public void A_store_of_version_2_keeps_its_records_and_gets_room_for_their_inputs()
    {
        using (SqlDatabase database = SqlDatabase.Open($"{_store.Path}/images.db", CatalogSchema.Current))
        {
            database.Change("DROP TABLE built_inputs");
            database.Change("INSERT INTO built VALUES('k', 'RUN x', NULL, NULL, NULL, 0, NULL, 0, 1, 2, 3)");
            database.Change("PRAGMA user_version = 2");
        }

        using ImageStore again = _store.Reopen();
        BuildRecord? kept = again.Catalog.FindBuilt("k");
        Assert.Equal(("RUN x", 3), (kept?.Title, kept?.Uses));
        Assert.Null(again.Catalog.FindInputs("k"));
        again.Catalog.Write(durable: false, () =>
        {
            again.Catalog.AddInputs("k", [1, 2]);
            return true;
        });
        Assert.Equal([1, 2], again.Catalog.FindInputs("k"));
        Assert.Equal("RUN x", Assert.Single(again.Catalog.RecentInputs(10)).Title);
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        using TestStore other = new();
        Directory.CreateDirectory(other.Path + "/sub");
        File.WriteAllText(other.Path + "/sub/images.db", new string('x', 5000));

        TareException e = Assert.Throws<TareException>(() => ImageStore.Open(other.Path + "/sub"));

        Assert.Equal(ErrorKind.Corrupt, e.Kind);
        Assert.StartsWith("images.db: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_that_the_catalog_does_not_know_is_replaced()
    {
        Sample sample = Sample.Of(("f", "right"));
        await _store.LoadAsync(sample.DockerArchive("a"));
        string layer = $"{_store.Path}/layers/{Assert.Single(_store.Names("layers"))}";
        _store.Images.Remove("a", force: false, static () => []);
        Directory.CreateDirectory(layer);
        File.WriteAllText(layer + "/f", "cut sho");

        await _store.LoadAsync(sample.DockerArchive("a"));

        Assert.Equal("right", File.ReadAllText(layer + "/f"));
    }
}
