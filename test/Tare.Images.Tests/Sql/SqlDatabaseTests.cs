// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;
using Tare.Oci;

namespace Tare.Images.Tests.Sql;

public sealed class SqlDatabaseTests : IDisposable
{
    private const string Create =
        """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS thing(name TEXT PRIMARY KEY, number INTEGER, bytes BLOB) WITHOUT ROWID;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private static readonly SqlSchema First = new(1, Create, [], PagesInLog: 128);

    private readonly string _folder = Directory.CreateTempSubdirectory("tare-database-").FullName;

    private string File => $"{_folder}/things.db";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_come_back_as_they_were()
    {
        using SqlDatabase database = SqlDatabase.Open(File, First);
        database.Change("INSERT INTO thing VALUES(?1, ?2, ?3)", "näme '\"", long.MinValue, new byte[] { 0, 255 });
        database.Change("INSERT INTO thing VALUES(?1, ?2, ?3)", "nothing", null, null);
        database.Change("INSERT INTO thing VALUES(?1, ?2, ?3)", "truth", true, Array.Empty<byte>());

        List<(string, long, bool, byte[], bool)> rows = database.Read(
            static row => (row.GetString(0), row.GetInt64(1), row.GetBoolean(1), row.GetBytes(2), row.IsNull(1)),
            "SELECT name, number, bytes FROM thing ORDER BY name");

        Assert.Equal(["nothing", "näme '\"", "truth"], rows.Select(row => row.Item1));
        Assert.Equal([0, long.MinValue, 1], rows.Select(row => row.Item2));
        Assert.Equal([false, true, true], rows.Select(row => row.Item3));
        Assert.Equal([0, 2, 0], rows.Select(row => row.Item4.Length));
        Assert.Equal([true, false, false], rows.Select(row => row.Item5));
    }

    [Fact]
    public void A_body_that_throws_leaves_nothing_and_the_next_transaction_works()
    {
        using SqlDatabase database = SqlDatabase.Open(File, First);

        Assert.Throws<TimeoutException>(() => database.Write<int>(durable: true, () =>
        {
            Insert(database, "a");
            throw new TimeoutException();
        }));
        Assert.Throws<TareException>(() => database.Write(durable: true, () => database.Change("INSERT INTO nothing VALUES(1)")));
        database.Write(durable: false, () => Insert(database, "b"));

        Assert.Equal(["b"], Names(database));
    }

    [Fact]
    public async Task Writers_that_come_at_once_wait_for_each_other_also_where_the_file_is_new()
    {
        const int Writers = 8;
        const int Each = 10;
        Task[] tasks = [.. Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Each; i++)
                {
                    using SqlDatabase database = SqlDatabase.Open(File, First);
                    database.Write(durable: false, () => Insert(database, $"{writer}-{i}"));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(tasks);

        using SqlDatabase last = SqlDatabase.Open(File, First);
        Assert.Equal(Writers * Each, Names(last).Count);
    }

    [Fact]
    public void An_older_version_becomes_the_new_one_and_a_newer_one_is_not_touched()
    {
        using (SqlDatabase old = SqlDatabase.Open(File, First))
        {
            Insert(old, "a");
        }

        var third = new SqlSchema(
            3,
            "",
            ["ALTER TABLE thing ADD COLUMN color TEXT; PRAGMA user_version = 2;", "UPDATE thing SET color = 'red'; PRAGMA user_version = 3;"],
            PagesInLog: 128);
        for (int i = 0; i < 2; i++)
        {
            using SqlDatabase database = SqlDatabase.Open(File, third);
            Assert.Equal([("a", "red")], database.Read(static row => (row.GetString(0), row.GetString(1)), "SELECT name, color FROM thing"));
        }

        TareException newer = Assert.Throws<TareException>(() => SqlDatabase.Open(File, First));
        Assert.Equal(ErrorKind.NotSupported, newer.Kind);
        Assert.EndsWith("things.db: written by a newer tare (schema 3, this one knows 1)", newer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_stays_short_however_many_processes_come_by()
    {
        for (int i = 0; i < 60; i++)
        {
            using SqlDatabase database = SqlDatabase.Open(File, First);
            database.Write(durable: false, () => database.Change("INSERT INTO thing VALUES(?1, 0, zeroblob(20000))", $"thing-{i}"));
        }

        Assert.InRange(new FileInfo($"{File}-wal").Length, 0, 150 * 4120);
        using SqlDatabase last = SqlDatabase.Open(File, First);
        Assert.Equal(60, Names(last).Count);
    }

    [Fact]
    public void What_rows_that_are_gone_had_is_given_back()
    {
        using (SqlDatabase database = SqlDatabase.Open(File, First))
        {
            database.Write(durable: true, () => database.Change("INSERT INTO thing VALUES('a', 0, zeroblob(2000000))"));
        }

        Assert.True(new FileInfo(File).Length > 2_000_000);
        using (SqlDatabase database = SqlDatabase.Open(File, First))
        {
            database.Write(durable: true, () => database.Change("UPDATE thing SET bytes = zeroblob(1000000)"));
            database.Write(durable: true, () => database.Change("DELETE FROM thing"));
        }

        Assert.InRange(new FileInfo(File).Length, 0, 100_000);
        Assert.Equal(0, new FileInfo($"{File}-wal").Length);
    }

    [Fact]
    public void What_is_damaged_and_what_is_there_already_is_told_in_words()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        TareException damaged = Assert.Throws<TareException>(() => SqlDatabase.Open(File, First));
        Assert.Equal((ErrorKind.Corrupt, "things.db: it is damaged"), (damaged.Kind, damaged.Message));

        System.IO.File.Delete(File);
        using SqlDatabase database = SqlDatabase.Open(File, First);
        Insert(database, "a");
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<TareException>(() => Insert(database, "a")).Kind);
    }

    [Fact]
    public void A_second_statement_is_not_left_out_silently()
    {
        using SqlDatabase database = SqlDatabase.Open(File, First);
        Assert.Throws<ArgumentException>(() => database.Change("DELETE FROM thing; DELETE FROM thing"));
    }

    [Fact]
    public void A_folder_that_is_missing_is_told_in_words()
    {
        TareException missing = Assert.Throws<TareException>(() => SqlDatabase.Open($"{_folder}/none/things.db", First));
        Assert.Equal(ErrorKind.PermissionDenied, missing.Kind);
    }

    private static int Insert(SqlDatabase database, string name) => database.Change("INSERT INTO thing(name) VALUES(?1)", name);

    private static List<string> Names(SqlDatabase database) =>
        database.Read(static row => row.GetString(0), "SELECT name FROM thing ORDER BY name");
}
