// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Sql;

/// <summary>A call of SQLite that failed. It does not leave this folder: users of a database get a TareException.</summary>
/// <param name="code">the primary result code (sqlite.org/rescode.html)</param>
/// <param name="message">in SQLite's words</param>
internal sealed class SqlException(int code, string message) : Exception(message)
{
    public int Code => code;
}
