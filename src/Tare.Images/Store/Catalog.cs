// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One connection to images.db: which names there are, and what images, layers and blobs they stand for.</summary>
/// <remarks>
/// Digests are kept in their text form. A layer is in the store when it has a row in <c>tree</c>, a blob when it has a file.
/// </remarks>
/// <param name="database">owned by the new object</param>
internal sealed partial class Catalog(SqlDatabase database) : IDisposable
{
    /// <summary>Opens the file, making it and its tables when it is new.</summary>
    public static Catalog Open(string path) => new(SqlDatabase.Open(path, CatalogSchema.Current));

    /// <inheritdoc cref="SqlDatabase.Write"/>
    public T Write<T>(bool durable, Func<T> body) => database.Write(durable, body);

    public void Dispose() => database.Dispose();

    private int Run(string sql, params ReadOnlySpan<object?> values) => database.Change(sql, values);

    private List<T> Query<T>(Func<SqlRow, T> read, string sql, params ReadOnlySpan<object?> values) =>
        database.Read(read, sql, values);

    /// <summary>A digest that we wrote ourselves.</summary>
    private static Digest ReadDigest(SqlRow row, int column) => Digest.TryParse(row.GetString(column), out Digest digest)
        ? digest
        : throw new TareException(ErrorKind.Corrupt, $"images.db: {Quoted.Text(row.GetString(column))} is not a digest");
}
