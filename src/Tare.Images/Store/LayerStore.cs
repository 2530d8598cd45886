// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Unpacked layers: <c>layers/HEX of the ChainId/</c>, each tree whole and durable from the moment it has its name.</summary>
/// <remarks>
/// A layer counts as stored when the catalog knows it; a tree that it does not know is the rest of a process that died
/// between rename and transaction, and is replaced. Layers are handed out as descriptors, never as paths.
/// </remarks>
internal sealed class LayerStore(StoreFolder folder)
{
    private const uint RootMode = 0b111_101_101;
    private const int MaxLayers = 1 << 20;

    /// <summary>The tree of a layer (O_PATH), for overlay and for <see cref="Root"/>. The caller disposes.</summary>
    /// <param name="chain">which</param>
    /// <param name="shown">lent; the folder of layers through a mount that shows it otherwise. Null: as it is</param>
    /// <exception cref="TareException">Corrupt when it is not there although the catalog knows it</exception>
    public Fd Open(ChainId chain, Fd? shown = null) =>
        (shown ?? folder.Layers).TryOpen(Name(chain), OpenFlags.Path | OpenFlags.Directory)
        ?? throw new TareException(
            ErrorKind.Corrupt, $"layer {chain}: its files are not in the store", "load or pull the image again");

    /// <summary>The name that guards a layer against being made twice at once.</summary>
    public static string ScratchName(ChainId chain) => "layer-" + chain.Digest.Hex;

    /// <summary>An empty tree to unpack into: as the root directory of an image that says nothing about it.</summary>
    public static Fd Begin(Scratch scratch)
    {
        Fd tree = scratch.MakeTree();
        tree.SetMode(RootMode);
        return tree;
    }

    /// <summary>Gives a finished, durable tree its name; the lock of <paramref name="scratch"/> is held.</summary>
    public void Publish(Scratch scratch, ChainId chain)
    {
        RemoveUnknown(chain);
        scratch.MoveTo(folder.Layers, Name(chain));
    }

    /// <summary>As <see cref="Publish"/>, for a tree that stands elsewhere on the store's file system.</summary>
    /// <param name="parent">where; lent</param>
    /// <param name="name">what it is called there</param>
    /// <param name="chain">which layer it is; the caller holds the lock of <see cref="ScratchName"/></param>
    public void PublishFrom(Fd parent, ReadOnlySpan<byte> name, ChainId chain)
    {
        RemoveUnknown(chain);
        parent.Rename(name, folder.Layers, Name(chain), RenameFlags.NoReplace);
    }

    /// <summary>Makes the names durable.</summary>
    public void Sync() => folder.Layers.Sync();

    /// <summary>Moves a layer out of its place, so that it is gone at once; disposing the answer removes its files.</summary>
    public Scratch? TryTakeAway(ChainId chain)
    {
        if (folder.Layers.TryStatus(Name(chain)) is null)
        {
            return null;
        }
        Scratch trash = Scratch.TakeNew(folder, "trash");
        trash.MoveFrom(folder.Layers, Name(chain));
        return trash;
    }

    /// <summary>What is in the folder, known or not; foreign names are passed over.</summary>
    public IReadOnlyList<ChainId> List()
    {
        using Fd names = folder.Layers.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        List<ChainId> all = [];
        foreach (byte[] name in names.SortedNames(MaxLayers))
        {
            string hex = Encoding.ASCII.GetString(name);
            HashAlgorithm algorithm = hex.Length == 64 ? HashAlgorithm.Sha256 : HashAlgorithm.Sha512;
            if (Digest.TryParseHex(algorithm, hex, out Digest digest))
            {
                all.Add(new ChainId(digest));
            }
        }
        return all;
    }

    private void RemoveUnknown(ChainId chain) => TryTakeAway(chain)?.Dispose();

    private static byte[] Name(ChainId chain) => Encoding.ASCII.GetBytes(chain.Digest.Hex);
}
