// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class ReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("index.docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("docker.io/library/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("user/app", "docker.io/user/app:latest", "user/app:latest")]
    [InlineData("library/user/app", "docker.io/library/user/app:latest", "library/user/app:latest")]
    [InlineData("ghcr.io/user/app:v1", "ghcr.io/user/app:v1", "ghcr.io/user/app:v1")]
    [InlineData("localhost/app", "localhost/app:latest", "localhost/app:latest")]
    [InlineData("localhost:5000/x", "localhost:5000/x:latest", "localhost:5000/x:latest")]
    [InlineData("localhost:5000/x:y", "localhost:5000/x:y", "localhost:5000/x:y")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000", "localhost:5000")]
    [InlineData("127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c:latest", "127.0.0.1:5000/a/b/c:latest")]
    [InlineData("[::1]:5000/x", "[::1]:5000/x:latest", "[::1]:5000/x:latest")]
    [InlineData("[fe80::1]/x", "[fe80::1]/x:latest", "[fe80::1]/x:latest")]
    [InlineData("docker.io", "docker.io/library/docker.io:latest", "docker.io:latest")]
    [InlineData("HOST/x", "HOST/x:latest", "HOST/x:latest")]
    [InlineData("a.b/x", "a.b/x:latest", "a.b/x:latest")]
    [InlineData("xn--n3h.com/x", "xn--n3h.com/x:latest", "xn--n3h.com/x:latest")]
    [InlineData("a__b/c--d/e.f_g", "docker.io/a__b/c--d/e.f_g:latest", "a__b/c--d/e.f_g:latest")]
    [InlineData("x:_", "docker.io/library/x:_", "x:_")]
    [InlineData("x:A.b-C", "docker.io/library/x:A.b-C", "x:A.b-C")]
    [InlineData("x@sha256:" + Hex, "docker.io/library/x@sha256:" + Hex, "x@sha256:" + Hex)]
    [InlineData("x:1@sha256:" + Hex, "docker.io/library/x:1@sha256:" + Hex, "x:1@sha256:" + Hex)]
    [InlineData("r.io:1/x:1@sha256:" + Hex, "r.io:1/x:1@sha256:" + Hex, "r.io:1/x:1@sha256:" + Hex)]
    [InlineData(Hex + ":tag", "docker.io/library/" + Hex + ":tag", Hex + ":tag")]
    public void A_name_is_normalised_and_shown_as_users_write_it(string text, string full, string familiar)
    {
        Reference reference = Reference.Parse(text);

        Assert.Equal(full, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, Reference.Parse(full));
        Assert.Equal(reference, Reference.Parse(familiar));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/")]
    [InlineData(":")]
    [InlineData("@")]
    [InlineData("/x")]
    [InlineData("x/")]
    [InlineData("a//b")]
    [InlineData("x:")]
    [InlineData("x@")]
    [InlineData(":tag")]
    [InlineData("x:.tag")]
    [InlineData("x:-tag")]
    [InlineData("x:a b")]
    [InlineData("x:tag:tag")]
    [InlineData("x:tägß")]
    [InlineData("Busybox")]
    [InlineData("user/App")]
    [InlineData("localhost/App")]
    [InlineData("-x")]
    [InlineData("x-")]
    [InlineData(".x")]
    [InlineData("x..y")]
    [InlineData("x._y")]
    [InlineData("x___y")]
    [InlineData("x_.y")]
    [InlineData("x-_y")]
    [InlineData("../../etc/passwd")]
    [InlineData("./x")]
    [InlineData("a/../b")]
    [InlineData("docker.io/../x")]
    [InlineData("docker.io/")]
    [InlineData("https://docker.io/x")]
    [InlineData("-host.io/x")]
    [InlineData("host-.io/x")]
    [InlineData(".io/x")]
    [InlineData("host..io/x")]
    [InlineData("host.io:/x")]
    [InlineData("host.io:0/x")]
    [InlineData("host.io:65536/x")]
    [InlineData("host.io:٣/x")]
    [InlineData("host.io:99999999999999999999/x")]
    [InlineData("host.io:80:80/x")]
    [InlineData("user@host.io/x")]
    [InlineData("[::1/x")]
    [InlineData("[::1]]/x")]
    [InlineData("[::1]5000/x")]
    [InlineData("[zz]:1/x")]
    [InlineData("[]/x.y")]
    [InlineData("[fe80::1%eth0]/x")]
    [InlineData("x\n")]
    [InlineData("x\0")]
    [InlineData("x%2fy")]
    [InlineData("ｂusybox")]
    [InlineData("x@sha256:abc")]
    [InlineData("x@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("x@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("x@sha256:" + Hex + "@sha256:" + Hex)]
    [InlineData("sha256:" + Hex + "@")]
    [InlineData(Hex)]
    public void What_is_no_reference_is_refused(string text)
    {
        Assert.False(Reference.TryParse(text, out _));
        TareException error = Assert.Throws<TareException>(() => Reference.Parse(text));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_path_may_have_255_characters_and_a_tag_128()
    {
        string path = new('a', 255);

        Assert.True(Reference.TryParse("r.io/" + path, out _));
        Assert.False(Reference.TryParse("r.io/" + path + "a", out _));
        Assert.True(Reference.TryParse("x:" + new string('t', 128), out _));
        Assert.False(Reference.TryParse("x:" + new string('t', 129), out _));
        Assert.False(Reference.TryParse(new string('a', 300) + ".io/x", out _));
        Assert.False(Reference.TryParse(new string('x', 10_000_000), out _));
    }

    [Fact]
    public void Tag_and_digest_can_be_exchanged()
    {
        Reference reference = Reference.Parse("x:1");
        Digest digest = Digest.Of([]);

        Assert.Equal("x:2", reference.WithTag("2").Familiar);
        Assert.Equal($"x:1@{digest}", reference.WithDigest(digest).Familiar);
        Assert.Equal("x:3", reference.WithDigest(digest).WithTag("3").Familiar);
        Assert.Throws<TareException>(() => reference.WithTag("a/b"));
    }
}
