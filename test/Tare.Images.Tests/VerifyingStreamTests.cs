// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Tests;

public sealed class VerifyingStreamTests
{
    private static readonly byte[] Content = [1, 2, 3, 4];

    [Fact]
    public void Right_bytes_pass_and_are_verified_at_their_end()
    {
        using VerifyingStream stream = Open(Content, Content.Length);
        byte[] read = new byte[10];

        Assert.Equal(4, stream.Read(read));
        Assert.False(stream.IsVerified);
        Assert.Equal(0, stream.Read(read));
        Assert.True(stream.IsVerified);
    }

    [Theory]
    [InlineData(3, "got more than 3 bytes")]
    [InlineData(5, "got 4 bytes, want 5")]
    public void Another_length_is_refused(long size, string problem)
    {
        using VerifyingStream stream = Open(Content, size);

        Assert.Contains(problem, Assert.Throws<TareException>(stream.ReadToEnd).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_are_refused_by_name()
    {
        using VerifyingStream stream = Open([1, 2, 3, 5], Content.Length);

        string message = Assert.Throws<TareException>(stream.ReadToEnd).Message;

        Assert.StartsWith($"layer {Digest.Of(Content)}: its bytes have the digest sha256:", message, StringComparison.Ordinal);
    }

    private static VerifyingStream Open(byte[] bytes, long size) =>
        new(new MemoryStream(bytes), new Descriptor(MediaType.OciLayer, Digest.Of(Content), size), "layer");
}
