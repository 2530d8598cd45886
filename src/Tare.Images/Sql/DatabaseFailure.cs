// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;
using Tare.Oci;

namespace Tare.Images.Sql;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in the words and kinds of everybody else's errors.</summary>
internal static class DatabaseFailure
{
    /// <param name="database">the file's name</param>
    /// <param name="cause">what SQLite said</param>
    public static TareException Of(string database, SqlException cause)
    {
        (ErrorKind kind, string text, string? hint) = Explain(cause);
        return new(kind, $"{database}: {text}", hint, cause);
    }

    private static (ErrorKind Kind, string Text, string? Hint) Explain(SqlException cause) => cause.Code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            (ErrorKind.Unavailable, "another process writes to it and does not come to an end", "try again"),
        raw.SQLITE_FULL =>
            (ErrorKind.ResourceExhausted, "no space left on device", "free space on the disk that holds the store"),
        raw.SQLITE_NOMEM => (ErrorKind.ResourceExhausted, "not enough memory", null),
        raw.SQLITE_IOERR =>
            (ErrorKind.Internal, "input/output error", "the disk may be full or broken; the kernel's log tells: dmesg"),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            (ErrorKind.Corrupt, "it is damaged", "look at what is left with: tare system check"),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN =>
            (ErrorKind.PermissionDenied, "it cannot be opened for writing", "is the file system read-only?"),
        raw.SQLITE_CONSTRAINT => (ErrorKind.AlreadyExists, "it has such a row already", null),
        _ => (ErrorKind.Internal, cause.Message.ReplaceLineEndings(" "), null),
    };
}
