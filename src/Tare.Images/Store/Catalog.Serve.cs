// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>Questions of a registry that shows the store.</content>
internal sealed partial class Catalog
{
    // names of a repository are NAME:TAG and NAME@DIGEST; ';' and 'A' are what comes after ':' and '@'
    private const string InRepository =
        "((n.name > ?1 || ':' AND n.name < ?1 || ';') OR (n.name > ?1 || '@' AND n.name < ?1 || 'A'))";

    /// <summary>The names in one repository with what they stand for.</summary>
    /// <param name="repository">with its registry, such as <c>docker.io/library/debian</c></param>
    public List<(string Name, Digest Root)> NamesIn(string repository) => Query(
        static r => (r.GetString(0), ReadDigest(r, 1)),
        $"SELECT n.name, n.root FROM name n WHERE {InRepository} ORDER BY n.name",
        repository);

    /// <summary>True when a name in this repository leads to the content: a manifest, config, layer or anything below an index.</summary>
    public bool Holds(string repository, Digest content) => Query(
        static r => r.GetInt64(0),
        $"""
        SELECT 1 FROM name n WHERE {InRepository} AND (n.root = ?2
            OR EXISTS(SELECT 1 FROM loose o WHERE o.root = n.root AND o.digest = ?2)
            OR EXISTS(SELECT 1 FROM member m JOIN image i ON i.manifest = m.manifest WHERE m.root = n.root AND (
                m.manifest = ?2 OR i.config = ?2
                OR EXISTS(SELECT 1 FROM layer l WHERE l.manifest = m.manifest AND l.blob = ?2)))) LIMIT 1
        """,
        repository,
        content.ToString()).Count > 0;
}
