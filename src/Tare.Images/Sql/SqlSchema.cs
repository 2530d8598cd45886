// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Sql;

/// <summary>The tables of a database, and how those of earlier versions become them.</summary>
/// <param name="Version">kept in the file as <c>user_version</c>, which <paramref name="Create"/> and each step set</param>
/// <param name="Create">makes everything in a new file; may run twice</param>
/// <param name="Steps">element 0 leads from version 1 to 2, and so on</param>
/// <param name="PagesInLog">a write-ahead log of as many pages is emptied when the database is closed</param>
internal sealed record SqlSchema(int Version, string Create, IReadOnlyList<string> Steps, int PagesInLog);
