// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Oci;

namespace Tare.Engine.Tests.State;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-database-").FullName;

    private string Path => $"{_folder}/engine.db";

    [Fact]
    public void The_log_stays_short_however_many_processes_come_by()
    {
        for (int i = 0; i < 60; i++)
        {
            using Database database = Database.Open(Path);
            database.Write(durable: false, () => database.Change(
                "INSERT INTO volume VALUES($1, $2, $3, zeroblob(20000))", $"volume-{i}", i, false));
        }

        Assert.InRange(new FileInfo($"{Path}-wal").Length, 0, 150 * 4120);
        using Database last = Database.Open(Path);
        Assert.Equal([60], last.Read(row => row.GetInt32(0), "SELECT count(*) FROM volume"));
    }

    [Fact]
    public void What_rows_that_are_gone_had_is_given_back()
    {
        using (Database database = Database.Open(Path))
        {
            database.Write(durable: true, () => database.Change("INSERT INTO volume VALUES('a', 0, 0, zeroblob(2000000))"));
        }

        Assert.True(new FileInfo(Path).Length > 2_000_000);
        using (Database database = Database.Open(Path))
        {
            database.Write(durable: true, () => database.Change("UPDATE volume SET labels = zeroblob(1000000)"));
            database.Write(durable: true, () => database.Change("DELETE FROM volume"));
        }

        Assert.InRange(new FileInfo(Path).Length, 0, 100_000);
        Assert.Equal(0, new FileInfo($"{Path}-wal").Length);
    }

    [Fact]
    public void What_is_damaged_and_what_is_there_already_is_told_in_words()
    {
        File.WriteAllText(Path, new string('x', 5000));
        TareException damaged = Assert.Throws<TareException>(() => Database.Open(Path));
        Assert.Equal((ErrorKind.Corrupt, "engine.db: it is damaged"), (damaged.Kind, damaged.Message));

        File.Delete(Path);
        using Database database = Database.Open(Path);
        database.Change("INSERT INTO volume VALUES('a', 0, 0, x'')");
        Assert.Equal(
            ErrorKind.AlreadyExists,
            Assert.Throws<TareException>(() => database.Change("INSERT INTO volume VALUES('a', 0, 0, x'')")).Kind);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
