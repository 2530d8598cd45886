// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Tests.Steps;

public sealed class ContentDigestTests
{
    [Fact]
    public void Times_the_umask_and_the_place_of_a_checkout_do_not_count()
    {
        using TempTree one = new TempTree().With("a", "1").With("bin/run", "2", (UnixFileMode)0b111_101_101);
        using TempTree other = new TempTree().With("a", "1", (UnixFileMode)0b110_000_000).With("bin/run", "2", (UnixFileMode)0b111_111_101);
        File.SetLastWriteTimeUtc(other.Path("a"), DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(other.Path("bin"), DateTime.UnixEpoch);
        File.SetUnixFileMode(other.Path("bin"), (UnixFileMode)0b111_000_000);

        Assert.Equal(one.Digest(), other.Digest());
    }

    [Theory]
    [InlineData("a", "2", false, "content")]
    [InlineData("b", "1", false, "name")]
    [InlineData("a", "1", true, "right to execute")]
    [InlineData("sub/a", "1", false, "folder")]
    public void Everything_else_does(string name, string content, bool isExecutable, string what)
    {
        using TempTree one = new TempTree().With("a", "1");
        using TempTree other = new TempTree().With(name, content, (UnixFileMode)(isExecutable ? 0b111_101_101 : 0b110_100_100));

        Assert.False(one.Digest() == other.Digest(), what);
    }

    [Fact]
    public void A_file_that_is_known_counts_as_one_that_is_read()
    {
        using TempTree tree = new TempTree().With("a", "1").With("sub/b", "2", (UnixFileMode)0b111_101_101).With("plain", "3").Linked("l", "a");
        using TempTree builder = new();
        using Fd folder = HostPath.OpenDirectory(builder.Folder);
        using (Fd a = HostPath.Open(tree.Path("a"), OpenFlags.ReadOnly))
        {
            a.SetXattr("user.mark"u8, "x"u8);
        }

        FileDigests digests = new(folder, HostPath.TryStatus(tree.Folder)!.Value, DateTimeOffset.UtcNow.AddDays(1));
        string read = tree.Digest();
        string first = tree.Digest(digests: digests);
        File.SetUnixFileMode(tree.Path("plain"), (UnixFileMode)0b110_100_000);

        Assert.Equal([read, read, read], [first, tree.Digest(digests: digests), tree.Digest("/", null, digests)]);
        Assert.False(digests.Find(HostPath.TryStatus(tree.Path("sub/b"))!.Value)!.Value.HasAttributes);
        Assert.True(digests.Find(HostPath.TryStatus(tree.Path("a"))!.Value)!.Value.HasAttributes);
    }

    [Fact]
    public void A_link_counts_by_its_text_and_is_not_followed()
    {
        using TempTree one = new TempTree().With("a", "1").Linked("l", "a");
        using TempTree other = new TempTree().With("a", "1").Linked("l", "./a");
        using TempTree dangling = new TempTree().Linked("l", "/nowhere");

        Assert.NotEqual(one.Digest(), other.Digest());
        Assert.NotEmpty(dangling.Digest());
    }

    [Fact]
    public void What_is_ignored_does_not_count()
    {
        using TempTree one = new TempTree().With("a", "1").With("log/x", "1").With("log/keep", "2");
        using TempTree other = new TempTree().With("a", "1").With("log/keep", "2");

        Assert.Equal(other.Digest(), one.Digest(ignored: ["log/x"]));
        Assert.Equal(other.Digest(), one.Digest(ignored: ["log/*", "!log/keep"]));
        Assert.NotEqual(other.Digest(), one.Digest(ignored: ["log"]));
    }

    [Fact]
    public void Only_what_a_source_takes_counts()
    {
        using TempTree one = new TempTree().With("a.c", "1").With("b.c", "2").With("x", "3");
        using TempTree other = new TempTree().With("a.c", "1").With("b.c", "2").With("x", "4");

        Assert.Equal(one.Digest("/*.c"), other.Digest("/*.c"));
        Assert.NotEqual(one.Digest("/x"), other.Digest("/x"));
    }

    [Fact]
    public void A_source_that_is_not_there_or_ignored_is_an_error_and_one_with_wildcards_is_not()
    {
        using TempTree tree = new TempTree().With("a.c", "1");

        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => tree.Digest("/b.c")).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => tree.Digest("/a.c", ["*.c"])).Kind);
        Assert.NotEmpty(tree.Digest("/*.h"));
    }

    [Fact]
    public void A_link_that_leads_out_ends_at_the_root_of_the_context()
    {
        using TempTree tree = new TempTree().Linked("out", "../../../../etc");

        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => tree.Digest("/out/passwd")).Kind);
    }
}
