// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Ignore;
using Tare.Oci;

namespace Tare.Build.Tests.Ignore;

/// <summary>The expectations are those of moby/patternmatcher's own tests, written down as facts.</summary>
public sealed class PatternListTests
{
    [Theory]
    [InlineData("**", "file", true)]
    [InlineData("**/", "file", true)]
    [InlineData("**", "dir/file", true)]
    [InlineData("**/**", "dir/file", true)]
    [InlineData("dir/**", "dir/file", true)]
    [InlineData("dir/**", "dir/dir2/file", true)]
    [InlineData("**/dir", "dir", true)]
    [InlineData("**/dir", "dir/file", true)]
    [InlineData("**/dir2/*", "dir/dir2/file", true)]
    [InlineData("**/dir2/**", "dir/dir2/dir3/file", true)]
    [InlineData("**file", "file", true)]
    [InlineData("**file", "dir/file", true)]
    [InlineData("**file", "dir/xfile", true)]
    [InlineData("**/file", "dir/xfile", false)]
    [InlineData("**/file", "dir/dir/file", true)]
    [InlineData("**/file*", "dir/dir/file.txt", true)]
    [InlineData("**/file*txt", "dir/dir/file.txt", true)]
    [InlineData("**/file*.txt*", "dir/dir/file.txt", true)]
    [InlineData("**/**/*.txt", "dir/dir/file.txt", true)]
    [InlineData("**/**/*.txt2", "dir/dir/file.txt", false)]
    [InlineData("**/*.txt", "file.txt", true)]
    [InlineData("**/**/*.txt", "file.txt", true)]
    [InlineData("a**/*.txt", "a/file.txt", true)]
    [InlineData("a**/*.txt", "a/dir/dir/file.txt", true)]
    [InlineData("a/*.txt", "a/dir/file.txt", false)]
    [InlineData("a/*.txt", "a/file.txt", true)]
    [InlineData("a/*.txt**", "a/file.txt", true)]
    [InlineData("a[b-d]e", "ae", false)]
    [InlineData("a[b-d]e", "ace", true)]
    [InlineData("a[b-d]e", "aae", false)]
    [InlineData("a[^b-d]e", "aze", true)]
    [InlineData(".*", ".foo", true)]
    [InlineData(".*", "foo", false)]
    [InlineData("abc.def", "abcdef", false)]
    [InlineData("abc.def", "abc.def", true)]
    [InlineData("abc.def", "abcZdef", false)]
    [InlineData("abc?def", "abcZdef", true)]
    [InlineData("abc?def", "abcdef", false)]
    [InlineData("a\\\\", "a\\", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("**/foo/bar", "foo/bar", true)]
    [InlineData("**/foo/bar", "dir/dir2/foo/bar", true)]
    [InlineData("abc/**", "abc", false)]
    [InlineData("abc/**", "abc/def/ghi", true)]
    [InlineData("**/.foo", ".foo", true)]
    [InlineData("**/.foo", "bar.foo", false)]
    [InlineData("a(b)c/def", "a(b)c/def", true)]
    [InlineData("a(b)c/def", "a(b)c/xyz", false)]
    [InlineData("a.|)$(}+{bc", "a.|)$(}+{bc", true)]
    [InlineData("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*", "ab/c", true)]
    [InlineData("a*/b", "abc/b", true)]
    [InlineData("a*/b", "a/c/b", false)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/f", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzx", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzy", false)]
    [InlineData("ab[^e-g]", "abc", true)]
    [InlineData("a?b", "a☺b", true)]
    [InlineData("a[^a]b", "a☺b", true)]
    [InlineData("a???b", "a☺b", false)]
    [InlineData("[a-ζ]*", "α", true)]
    [InlineData("*[a-ζ]", "A", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("a*b", "a/b", false)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[\\-x]", "-", true)]
    [InlineData("[x\\-]", "z", false)]
    [InlineData("docs/", "docs/README.md", true)]
    [InlineData("/docs", "docs/README.md", false)]
    [InlineData("docs", ".", false)]
    public void One_pattern(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new PatternList([pattern]).Matches(path));

    [Theory]
    [InlineData("!file.go|*.go", "file.go", true)]
    [InlineData("*.go|!file.go", "file.go", false)]
    [InlineData("docs|!docs/README.md", "docs/README.md", false)]
    [InlineData("docs/|!docs/README.md", "docs/README.md", false)]
    [InlineData("docs/*|!docs/README.md", "docs/README.md", false)]
    [InlineData("**|!util/docker/web", "util/docker/web/foo", false)]
    [InlineData("**|!util/docker/web|util/docker/web/foo", "util/docker/web/foo", true)]
    [InlineData("**|!dist/*.whl", "dist/proxy.py-2.4.0-none-any.whl", false)]
    [InlineData("a|  !a/b  |a/b/c", "a/b/d", false)]
    [InlineData("a|  !a/b  |a/b/c", "a/b/c/d", true)]
    public void The_last_pattern_that_fits_decides(string patterns, string path, bool expected)
    {
        PatternList list = new(patterns.Split('|'));

        Assert.Equal(expected, list.Matches(path));
        Assert.Equal(expected, Walked(list, path));
    }

    [Fact]
    public void In_a_walk_an_exception_for_a_folder_that_is_not_matched_takes_nothing_back()
    {
        PatternList list = new(["a/*", "!a"]);

        Assert.True(Walked(list, "a/file"));
        Assert.False(list.Matches("a/file"));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("[")]
    [InlineData("[]a]")]
    [InlineData("[-]")]
    [InlineData("[x-]")]
    [InlineData("[-x]")]
    [InlineData("\\")]
    [InlineData("[a-b-c]")]
    [InlineData("[^bc")]
    [InlineData("a[")]
    public void A_malformed_pattern_is_refused(string pattern) => Assert.Equal(
        ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => new PatternList([pattern])).Kind);

    [Fact]
    public void A_pattern_of_many_stars_is_matched_in_little_time() => Assert.False(
        new PatternList([string.Concat(Enumerable.Repeat("**/a*", 200)) + "b"]).Matches(string.Concat(Enumerable.Repeat("a/", 500)) + "a"));

    [Fact]
    public void An_ignore_file_is_read_as_docker_reads_it()
    {
        const string Text = "\uFEFF# comment\n\ntest1\r\n/test2\n/a/file/here\n  spaced  \n!/inverted/abs/path\n!\n! \n #not a comment\n./b/../c/\n..\n";

        Assert.Equal(
            ["test1", "test2", "a/file/here", "spaced", "!inverted/abs/path", "!", "!", "#not a comment", "c", ".."],
            IgnoreFile.Read(".dockerignore", Encoding.UTF8.GetBytes(Text)));
    }

    [Fact]
    public void A_Dockerfile_may_have_an_ignore_file_of_its_own() =>
        Assert.Equal("docker/build.Dockerfile.dockerignore", IgnoreFile.NameFor("docker/build.Dockerfile"));

    private static bool Walked(PatternList list, string path)
    {
        bool[] parent = [];
        bool isMatched = false;
        for (int end = path.IndexOf('/'); ; end = path.IndexOf('/', end + 1))
        {
            (isMatched, parent) = list.Walk(end < 0 ? path : path[..end], parent);
            if (end < 0)
            {
                return isMatched;
            }
        }
    }
}
