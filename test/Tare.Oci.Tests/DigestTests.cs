// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class DigestTests
{
    private const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Text_and_bytes_round_trip()
    {
        Digest digest = Digest.Parse(Empty);

        Assert.Equal(Empty, digest.ToString());
        Assert.Equal(Empty[7..], digest.Hex);
        Assert.Equal(HashAlgorithm.Sha256, digest.Algorithm);
        Assert.Equal(digest, Digest.Of([]));
        Assert.Equal(digest, Digest.FromHash(digest.Bytes));
        Assert.Equal(digest.GetHashCode(), Digest.Of([]).GetHashCode());
        Assert.True(digest.Matches([]));
        Assert.False(digest.Matches([0]));
    }

    [Fact]
    public void A_sha512_is_held_whole_and_differs_from_every_sha256()
    {
        string text = "sha512:" + string.Concat(Enumerable.Repeat("0123456789abcdef", 8));

        Digest digest = Digest.Parse(text);

        Assert.Equal(text, digest.ToString());
        Assert.Equal(64, digest.Bytes.Length);
        Assert.NotEqual(digest, Digest.FromHash(digest.Bytes[..32]));
        Assert.True(Digest.FromHash(System.Security.Cryptography.SHA512.HashData("x"u8)).Matches("x"u8));
    }

    [Fact]
    public void The_default_names_nothing()
    {
        Assert.True(default(Digest).IsEmpty);
        Assert.Equal("", default(Digest).ToString());
        Assert.NotEqual(default, Digest.Of([]));
        Assert.False(default(Digest).Matches([]));
        Assert.Equal(0, default(Digest).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha384:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../etc/passwd0000")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85٠")]
    [InlineData(" sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Digest.TryParse(text, out Digest digest));
        Assert.True(digest.IsEmpty);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => Digest.Parse(text)).Kind);
    }
}
