// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;

namespace Tare.Images.Sql;

/// <summary>The row at which a query stands; columns are counted from 0. Valid until the query goes on.</summary>
internal readonly struct SqlRow(sqlite3_stmt statement)
{
    /// <summary>Empty when there is nothing in the column.</summary>
    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>A copy.</summary>
    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
}
