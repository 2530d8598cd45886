// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace Tare.Images.Sql;

/// <summary>One statement of SQL with its parameters.</summary>
internal readonly struct SqlStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">open</param>
    /// <param name="sql">one statement</param>
    /// <param name="values">of <c>?1</c>, <c>?2</c> …: null, text, bytes, integers and truths</param>
    /// <exception cref="SqlException">it cannot be compiled, or the file cannot be read</exception>
    public SqlStatement(sqlite3 connection, string sql, ReadOnlySpan<object?> values)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, Encoding.UTF8.GetBytes(sql), out _statement, out ReadOnlySpan<byte> rest));
        if (!rest.IsEmpty)
        {
            throw new ArgumentException("more than one statement", nameof(sql));
        }

        for (int i = 0; i < values.Length; i++)
        {
            Check(Bind(i + 1, values[i]));
        }
    }

    /// <summary>Where it stands after <see cref="Step"/> said true.</summary>
    public SqlRow Row => new(_statement);

    /// <summary>Goes on to the next row; false after the last.</summary>
    /// <exception cref="SqlException"></exception>
    public bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, index),
        string text => raw.sqlite3_bind_text(_statement, index, Encoding.UTF8.GetBytes(text)),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, index, bytes),
        _ => raw.sqlite3_bind_int64(_statement, index, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqlDatabase.Failure(_connection, code);
        }
    }
}
