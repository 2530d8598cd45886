// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci;

/// <summary>The name of a stack of layers: the layer and everything below it, in order.</summary>
/// <remarks>image-spec config.md#layer-chainid.</remarks>
internal readonly record struct ChainId(Digest Digest)
{
    /// <summary>The chain that a first layer makes: its own DiffId.</summary>
    public static ChainId Of(DiffId first) => new(first.Digest);

    /// <summary>The chain with one more layer on top; always a sha256.</summary>
    public ChainId Then(DiffId layer) => new(Digest.Of(Encoding.ASCII.GetBytes($"{Digest} {layer.Digest}")));

    /// <summary>The chain of each layer, bottom first: entry i names layers 0..i. Empty for no layers.</summary>
    public static IReadOnlyList<ChainId> Compute(IReadOnlyList<DiffId> layers)
    {
        ChainId[] chain = new ChainId[layers.Count];
        for (int i = 0; i < chain.Length; i++)
        {
            chain[i] = i == 0 ? Of(layers[0]) : chain[i - 1].Then(layers[i]);
        }
        return chain;
    }

    /// <summary>The text form of the digest.</summary>
    public override string ToString() => Digest.ToString();
}
