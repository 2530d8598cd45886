// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>What <c>system check</c> asks and puts right.</content>
internal sealed partial class Catalog
{
    /// <summary>Rows that lead nowhere or that nothing leads to: what they are, which, and what removes them all.</summary>
    private static readonly (string What, string Which, string Remove)[] Dangling =
    [
        ("a name whose image is gone", "SELECT name FROM name WHERE root NOT IN (SELECT digest FROM root)",
            "DELETE FROM name WHERE root NOT IN (SELECT digest FROM root)"),
        ("a member of a root that is gone", "SELECT manifest FROM member WHERE root NOT IN (SELECT digest FROM root)",
            "DELETE FROM member WHERE root NOT IN (SELECT digest FROM root)"),
        ("a member whose image is gone", "SELECT manifest FROM member WHERE manifest NOT IN (SELECT manifest FROM image)",
            "DELETE FROM member WHERE manifest NOT IN (SELECT manifest FROM image)"),
        ("a part of a root that is gone", "SELECT digest FROM loose WHERE root NOT IN (SELECT digest FROM root)",
            "DELETE FROM loose WHERE root NOT IN (SELECT digest FROM root)"),
        ("a root without an image", "SELECT digest FROM root WHERE digest NOT IN (SELECT root FROM member)",
            "DELETE FROM root WHERE digest NOT IN (SELECT root FROM member)"),
        ("an image that no root holds", "SELECT manifest FROM image WHERE manifest NOT IN (SELECT manifest FROM member)",
            "DELETE FROM image WHERE manifest NOT IN (SELECT manifest FROM member)"),
        ("a layer of an image that is gone", "SELECT blob FROM layer WHERE manifest NOT IN (SELECT manifest FROM image)",
            "DELETE FROM layer WHERE manifest NOT IN (SELECT manifest FROM image)"),
    ];

    /// <summary>What SQLite says about the file itself; empty when it is whole.</summary>
    public List<string> Damage() =>
        [.. Query(static r => r.GetString(0), "PRAGMA quick_check").Where(static line => line != "ok")];

    /// <summary>Rows that do not belong, as text.</summary>
    public List<(string What, string Row)> DanglingRows() => [.. Dangling.SelectMany(
        kind => Query(static r => r.GetString(0), kind.Which).Distinct().Select(row => (kind.What, row)))];

    /// <summary>Removes them; inside a transaction. What is removed first can leave more dangling.</summary>
    public void RemoveDanglingRows()
    {
        while (Dangling.Sum(kind => Run(kind.Remove)) > 0)
        {
        }
    }

    /// <summary>Every blob that an image needs, with its size where the catalog knows it.</summary>
    public List<(Digest Blob, long? Size)> NeededBlobs() => Query(
        static r => (ReadDigest(r, 0), r.IsNull(1) ? (long?)null : r.GetInt64(1)),
        """
        SELECT digest, size FROM root UNION SELECT manifest, manifest_size FROM image
        UNION SELECT config, length(config_bytes) FROM image UNION SELECT blob, blob_size FROM layer
        UNION SELECT digest, NULL FROM loose UNION SELECT blob, blob_size FROM built WHERE blob IS NOT NULL
        """);

    /// <summary>Every unpacked layer that an image or a record of a build needs.</summary>
    public List<ChainId> NeededLayers() =>
        Query(static r => new ChainId(ReadDigest(r, 0)), "SELECT chain FROM layer UNION SELECT chain FROM built WHERE chain IS NOT NULL");

    /// <summary>Every layer that is recorded as unpacked.</summary>
    public List<ChainId> Trees() => Query(static r => new ChainId(ReadDigest(r, 0)), "SELECT chain FROM tree");

    /// <summary>What leases keep: by owner.</summary>
    public List<(string Owner, string Item)> Leases() =>
        Query(static r => (r.GetString(0), r.GetString(1)), "SELECT owner, item FROM lease");

    /// <summary>The manifests of images that need a blob or, by its <c>layer:</c> spelling, an unpacked layer.</summary>
    public List<Digest> ManifestsThatNeed(string item) => Query(
        static r => ReadDigest(r, 0),
        """
        SELECT manifest FROM image WHERE manifest = ?1 OR config = ?1
        UNION SELECT manifest FROM layer WHERE blob = ?1 OR 'layer:' || chain = ?1
        UNION SELECT m.manifest FROM member m WHERE m.root = ?1
        UNION SELECT m.manifest FROM member m JOIN loose l ON l.root = m.root WHERE l.digest = ?1
        """,
        item);

    /// <summary>How users call the images of a manifest: their names, else the short ID.</summary>
    public List<string> CallNames(Digest manifest)
    {
        List<string> names = Query(
            static r => Reference.Parse(r.GetString(0)).Familiar,
            "SELECT n.name FROM name n JOIN member m ON m.root = n.root WHERE m.manifest = ?1 ORDER BY n.name",
            manifest.ToString());
        return names.Count > 0
            ? names
            : Query(static r => ReadDigest(r, 0).Hex[..12], "SELECT config FROM image WHERE manifest = ?1", manifest.ToString());
    }

    /// <summary>The bytes of a config, which the catalog keeps beside the blob.</summary>
    public byte[]? ConfigBytes(Digest config)
    {
        List<byte[]> found = Query(
            static r => r.GetBytes(0), "SELECT config_bytes FROM image WHERE config = ?1 LIMIT 1", config.ToString());
        return found.Count > 0 ? found[0] : null;
    }
}
