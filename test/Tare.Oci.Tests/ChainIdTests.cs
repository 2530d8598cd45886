// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci.Tests;

public sealed class ChainIdTests
{
    private static readonly DiffId A = new(Digest.Of("a"u8));
    private static readonly DiffId B = new(Digest.Of("b"u8));
    private static readonly DiffId C = new(Digest.Of("c"u8));

    [Fact]
    public void No_layers_make_no_chain() => Assert.Empty(ChainId.Compute([]));

    [Fact]
    public void The_first_chain_is_the_first_layer() => Assert.Equal(A.Digest, ChainId.Compute([A]).Single().Digest);

    [Fact]
    public void Each_further_chain_hashes_the_one_below_and_the_layer()
    {
        Digest second = Digest.Of(Encoding.ASCII.GetBytes($"{A} {B}"));
        Digest third = Digest.Of(Encoding.ASCII.GetBytes($"{second} {C}"));

        Assert.Equal([A.Digest, second, third], ChainId.Compute([A, B, C]).Select(c => c.Digest));
        Assert.Equal(third, ChainId.Of(A).Then(B).Then(C).Digest);
    }

    [Fact]
    public void The_order_of_the_layers_matters() =>
        Assert.NotEqual(ChainId.Compute([A, B])[1], ChainId.Compute([B, A])[1]);
}
