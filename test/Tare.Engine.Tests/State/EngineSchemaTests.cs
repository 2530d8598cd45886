// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Images.Sql;

namespace Tare.Engine.Tests.State;

public sealed class EngineSchemaTests : IDisposable
{
    private readonly string _path = $"/dev/shm/tare-test-{Guid.NewGuid():N}.db";

    public void Dispose() => new[] { "", "-wal", "-shm" }.ToList().ForEach(suffix => File.Delete(_path + suffix));

    [Fact]
    public void A_store_of_version_2_keeps_its_containers_and_gets_networks()
    {
        using (SqlDatabase database = SqlDatabase.Open(_path, EngineSchema.Current))
        {
            database.Change("INSERT INTO container VALUES('id', 'name', 'image', 'manifest', 1, 0, x'7b7d', NULL, NULL)");
            database.Change("DROP TABLE network");
            database.Change("PRAGMA user_version = 2");
        }

        using SqlDatabase again = SqlDatabase.Open(_path, EngineSchema.Current);
        Assert.Empty(again.Read(static row => row.GetString(0), "SELECT name FROM network"));
        Assert.Equal(["name"], again.Read(static row => row.GetString(0), "SELECT name FROM container"));
        Assert.Equal([3], again.Read(static row => row.GetInt64(0), "PRAGMA user_version"));
    }
}
