// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>Changes; each inside <see cref="Write{T}"/>.</content>
internal sealed partial class Catalog
{
    /// <summary>Makes a layer known whose tree is in its place and durable.</summary>
    public void AddTree(ChainId chain, long size) =>
        Run("INSERT OR REPLACE INTO tree VALUES(?1, ?2)", chain.ToString(), size);

    public void RemoveTree(ChainId chain) => Run("DELETE FROM tree WHERE chain = ?1", chain.ToString());

    /// <summary>Adds an image with its layers, all of which are in the store.</summary>
    public void AddImage(Image image)
    {
        string manifest = image.Descriptor.Digest.ToString();
        Platform platform = image.Config.Value.Platform;
        Run(
            "INSERT OR IGNORE INTO image SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9",
            manifest, image.Descriptor.MediaType, image.Descriptor.Size, image.Config.Digest.ToString(),
            platform.Os, platform.Architecture, platform.Variant,
            (Timestamp.Parse(image.Config.Value.Created) - DateTimeOffset.UnixEpoch)?.Ticks,
            image.Config.Bytes.ToArray());
        foreach (ImageLayer layer in image.Layers)
        {
            Run(
                "INSERT OR IGNORE INTO layer VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                manifest, layer.Index, layer.Chain.ToString(), layer.DiffId.ToString(), layer.Descriptor.Digest.ToString(),
                layer.Descriptor.Size, layer.Descriptor.MediaType);
        }
        Run(
            "UPDATE image SET size = (SELECT coalesce(sum(t.size), 0) FROM layer l JOIN tree t ON t.chain = l.chain "
            + "WHERE l.manifest = ?1) WHERE manifest = ?1",
            manifest);
    }

    /// <summary>Adds or extends a root: an index may get more of its images later.</summary>
    public void AddRoot(Descriptor root, IEnumerable<Digest> members, IEnumerable<Digest> loose, DateTimeOffset now)
    {
        string digest = root.Digest.ToString();
        Run("INSERT OR IGNORE INTO root VALUES(?1, ?2, ?3, ?4)", digest, root.MediaType, root.Size, now.UtcTicks);
        foreach (Digest member in members)
        {
            Run(
                "INSERT INTO member SELECT ?1, (SELECT count(*) FROM member WHERE root = ?1), ?2 "
                + "WHERE NOT EXISTS (SELECT 1 FROM member WHERE root = ?1 AND manifest = ?2)",
                digest, member.ToString());
        }
        foreach (Digest part in loose)
        {
            Run("INSERT OR IGNORE INTO loose VALUES(?1, ?2)", digest, part.ToString());
        }
    }

    /// <summary>Gives a root a name, taking it from another root if need be.</summary>
    /// <returns>the root that had the name until now, if it was another one</returns>
    public Digest? SetName(string name, Digest root)
    {
        Digest? before = FindName(name);
        Run("INSERT OR REPLACE INTO name VALUES(?1, ?2)", name, root.ToString());
        return before == root ? null : before;
    }

    public void RemoveName(string name) => Run("DELETE FROM name WHERE name = ?1", name);

    /// <summary>Forgets a root, and the images that no other root holds.</summary>
    public void RemoveRoot(Digest root)
    {
        string digest = root.ToString();
        foreach (string table in (ReadOnlySpan<string>)["name", "member", "loose"])
        {
            Run($"DELETE FROM {table} WHERE root = ?1", digest);
        }
        Run("DELETE FROM root WHERE digest = ?1", digest);
        Run("DELETE FROM layer WHERE manifest NOT IN (SELECT manifest FROM member)");
        Run("DELETE FROM image WHERE manifest NOT IN (SELECT manifest FROM member)");
    }

    /// <summary>Keeps blobs and layers from being collected until the lease is ended or its owner dies.</summary>
    public void AddLease(string owner, IEnumerable<string> items)
    {
        foreach (string item in items)
        {
            Run("INSERT OR IGNORE INTO lease VALUES(?1, ?2)", owner, item);
        }
    }

    public void EndLease(string owner) => Run("DELETE FROM lease WHERE owner = ?1", owner);

    public List<string> LeaseOwners() => Query(static r => r.GetString(0), "SELECT DISTINCT owner FROM lease");

    /// <summary>Everything that must stay: digests of blobs, and <c>layer:</c> with a ChainId for trees.</summary>
    public HashSet<string> Kept() => [.. Query(
        static r => r.GetString(0),
        """
        SELECT digest FROM root UNION SELECT digest FROM loose
        UNION SELECT manifest FROM image UNION SELECT config FROM image
        UNION SELECT blob FROM layer UNION SELECT 'layer:' || chain FROM layer
        UNION SELECT item FROM lease
        UNION SELECT blob FROM built WHERE blob IS NOT NULL
        UNION SELECT 'layer:' || chain FROM built WHERE chain IS NOT NULL
        """)];
}
