// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>The folders of a store, opened when first used and made when missing (0700).</summary>
/// <remarks>Safe to use from several threads. All names below are ours: digests in hex and random names.</remarks>
internal sealed class StoreFolder : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fd> _open = [];

    private StoreFolder(string path, Fd root)
    {
        Path = path;
        Root = root;
    }

    /// <summary>The path that the user gave.</summary>
    public string Path { get; }

    /// <summary>The store's own folder. Lent, like all below.</summary>
    public Fd Root { get; }

    /// <summary>Layer trees by ChainId in hex; each a tree of its own, which ext4 is told to spread over the disk.</summary>
    public Fd Layers => OpenFolder("layers", isTopOfTrees: true);

    /// <summary>Half-made things under their locks; nothing in it means anything to a reader.</summary>
    public Fd Scratch => OpenFolder("tmp", isTopOfTrees: true);

    /// <summary>A folder that stays empty: the lowest layer of images that have too few to be mounted.</summary>
    public Fd Empty => OpenFolder("empty");

    /// <summary>Opens the store at a path of the host, making its folder when it is missing.</summary>
    public static StoreFolder Open(string path) => new(path, HostPath.MakeDirectories(path, OwnerOnly));

    /// <summary>The blobs of one digest algorithm.</summary>
    public Fd Blobs(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => OpenFolder("blobs/sha256"),
        HashAlgorithm.Sha512 => OpenFolder("blobs/sha512"),
        _ => throw new TareException(ErrorKind.Internal, "a blob without a digest"),
    };

    public void Dispose()
    {
        foreach (Fd folder in _open.Values)
        {
            folder.Dispose();
        }
        Root.Dispose();
    }

    private Fd OpenFolder(string name, bool isTopOfTrees = false)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(name, out Fd? folder))
            {
                folder = Make(name, isTopOfTrees);
                _open.Add(name, folder);
            }
            return folder;
        }
    }

    private Fd Make(string name, bool isTopOfTrees)
    {
        Fd current = Root.Duplicate();
        foreach (string part in name.Split('/'))
        {
            using Fd parent = current;
            byte[] bytes = Encoding.ASCII.GetBytes(part);
            bool isNew = parent.TryMakeDirectory(bytes, OwnerOnly);
            current = parent.Open(bytes, OpenFlags.ReadOnly | OpenFlags.Directory);
            if (isNew)
            {
                parent.Sync();
                _ = isTopOfTrees && current.TrySetTopOfTrees();
            }
        }
        return current;
    }
}
