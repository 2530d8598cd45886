// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>Questions.</content>
internal sealed partial class Catalog
{
    private const string ImageColumns =
        "m.root, i.manifest, i.media_type, i.manifest_size, i.config, i.os, i.architecture, i.variant, i.created, i.size, i.config_bytes";

    /// <summary>The root that a full name stands for.</summary>
    public Digest? FindName(string name)
    {
        List<Digest> found = Query(static r => ReadDigest(r, 0), "SELECT root FROM name WHERE name = ?1", name);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>The images below a name, in the order of their index; without their layers.</summary>
    public List<StoredImage> ImagesOfName(string name) => Query(
        ReadImage,
        $"SELECT {ImageColumns} FROM name n JOIN member m ON m.root = n.root JOIN image i ON i.manifest = m.manifest "
        + "WHERE n.name = ?1 ORDER BY m.position",
        name);

    /// <summary>The images below a root, in the order of their index; without their layers.</summary>
    public List<StoredImage> ImagesOfRoot(Digest root) => Query(
        ReadImage,
        $"SELECT {ImageColumns} FROM member m JOIN image i ON i.manifest = m.manifest WHERE m.root = ?1 ORDER BY m.position",
        root.ToString());

    /// <summary>The images whose ID (config digest), manifest or root begins so; at most <paramref name="max"/>.</summary>
    /// <param name="prefix">digest text such as <c>sha256:0a1b</c></param>
    /// <param name="max">the most rows to answer</param>
    public List<StoredImage> ImagesByPrefix(string prefix, int max) => Query(
        ReadImage,
        $"""
        SELECT {ImageColumns} FROM image i JOIN member m ON m.manifest = i.manifest WHERE i.config >= ?1 AND i.config < ?2
        UNION
        SELECT {ImageColumns} FROM image i JOIN member m ON m.manifest = i.manifest WHERE i.manifest >= ?1 AND i.manifest < ?2
        UNION
        SELECT {ImageColumns} FROM member m JOIN image i ON m.manifest = i.manifest WHERE m.root >= ?1 AND m.root < ?2
        LIMIT ?3
        """,
        prefix,
        prefix + "g",
        max);

    /// <summary>The image of exactly this manifest, once for each root that holds it; without its layers.</summary>
    public List<StoredImage> ImagesOfManifest(Digest manifest) => Query(
        ReadImage,
        $"SELECT {ImageColumns} FROM image i JOIN member m ON m.manifest = i.manifest WHERE i.manifest = ?1",
        manifest.ToString());

    /// <summary>Every image with every root that holds it, newest first; without their layers.</summary>
    public List<StoredImage> AllImages() => Query(
        ReadImage,
        $"SELECT {ImageColumns} FROM image i JOIN member m ON m.manifest = i.manifest ORDER BY i.created DESC, m.root, m.position");

    /// <summary>The layers of an image, bottom first.</summary>
    public List<StoredLayer> LayersOf(Digest manifest) => Query(
        static r => new StoredLayer(
            new ChainId(ReadDigest(r, 0)),
            new DiffId(ReadDigest(r, 1)),
            new Descriptor(r.GetString(4), ReadDigest(r, 2), r.GetInt64(3)),
            r.IsNull(5) ? 0 : r.GetInt64(5)),
        "SELECT l.chain, l.diff_id, l.blob, l.blob_size, l.media_type, t.size FROM layer l LEFT JOIN tree t ON t.chain = l.chain "
        + "WHERE l.manifest = ?1 ORDER BY l.position",
        manifest.ToString());

    /// <summary>What each image keeps, with the bytes it takes: layers unpacked and packed, manifest, config.</summary>
    public List<(Digest Manifest, string Item, long Bytes)> Items() => Query(
        static r => (ReadDigest(r, 0), r.GetString(1), r.IsNull(2) ? 0 : r.GetInt64(2)),
        """
        SELECT l.manifest, 'layer:' || l.chain, t.size FROM layer l LEFT JOIN tree t ON t.chain = l.chain
        UNION SELECT manifest, blob, blob_size FROM layer
        UNION SELECT manifest, manifest, manifest_size FROM image
        UNION SELECT manifest, config, length(config_bytes) FROM image
        """);

    /// <summary>Names with the roots that they stand for, sorted by name.</summary>
    public List<(string Name, Digest Root)> Names() =>
        Query(static r => (r.GetString(0), ReadDigest(r, 1)), "SELECT name, root FROM name ORDER BY name");

    /// <summary>The names of one root, sorted.</summary>
    public List<string> NamesOf(Digest root) =>
        Query(static r => r.GetString(0), "SELECT name FROM name WHERE root = ?1 ORDER BY name", root.ToString());

    /// <summary>A root by its digest.</summary>
    public Descriptor? FindRoot(Digest root)
    {
        List<Descriptor> found = Query(
            static r => new Descriptor(r.GetString(1), ReadDigest(r, 0), r.GetInt64(2)),
            "SELECT digest, media_type, size FROM root WHERE digest = ?1",
            root.ToString());
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Bytes of the files in an unpacked layer, or null when the layer is not in the store.</summary>
    public long? TreeSize(ChainId chain)
    {
        List<long> found = Query(static r => r.GetInt64(0), "SELECT size FROM tree WHERE chain = ?1", chain.ToString());
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>True when an image of the store, or a step of a build, has this blob unpacked to these contents: the pair was verified then.</summary>
    public bool IsLayer(Digest blob, DiffId contents) => Query(
        static r => r.GetInt64(0),
        "SELECT 1 FROM layer WHERE blob = ?1 AND diff_id = ?2 UNION SELECT 1 FROM built WHERE blob = ?1 AND diff_id = ?2 LIMIT 1",
        blob.ToString(),
        contents.ToString()).Count > 0;

    /// <summary>The roots that hold an image of this ID.</summary>
    public List<Digest> RootsOfId(Digest id) => Query(
        static r => ReadDigest(r, 0),
        "SELECT DISTINCT m.root FROM image i JOIN member m ON m.manifest = i.manifest WHERE i.config = ?1",
        id.ToString());

    /// <summary>True while any image has this ID.</summary>
    public bool HasId(Digest id) =>
        Query(static r => r.GetInt64(0), "SELECT 1 FROM image WHERE config = ?1 LIMIT 1", id.ToString()).Count > 0;

    private static StoredImage ReadImage(SqlRow row) => new(
        ReadDigest(row, 0),
        new Descriptor(row.GetString(2), ReadDigest(row, 1), row.GetInt64(3)),
        ReadDigest(row, 4),
        new Platform(row.GetString(6), row.GetString(5)) { Variant = row.IsNull(7) ? null : row.GetString(7) },
        row.IsNull(8) ? null : DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(8)),
        row.GetInt64(9),
        row.GetBytes(10));
}
