// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Graph;

namespace Tare.Build.Tests.Graph;

public sealed class ValueTests
{
    [Theory]
    [InlineData("https://h/r.git", "https://h/r.git", null, null)]
    [InlineData("https://h/r.git#main", "https://h/r.git", "main", null)]
    [InlineData("https://h/r.git#:sub/dir", "https://h/r.git", null, "sub/dir")]
    [InlineData("git://h/r#v1:sub/./dir/", "git://h/r", "v1", "sub/dir")]
    [InlineData("ssh://git@h:22/r#x", "ssh://git@h:22/r", "x", null)]
    [InlineData("git@h:org/r.git#x:y", "git@h:org/r.git", "x", "y")]
    [InlineData("https://h/r.git?tag=v1&subdir=d", "https://h/r.git", "refs/tags/v1", "d")]
    [InlineData("https://h/r.git?branch=refs/heads/b", "https://h/r.git", "refs/heads/b", null)]
    [InlineData("https://h/r.git?commit=abc", "https://h/r.git", "abc", null)]
    public void A_git_reference_is_remote_ref_and_folder(string text, string remote, string? reference, string? folder)
    {
        GitReference parsed = GitReference.TryParse(text)!;

        Assert.Equal((remote, reference, folder), (parsed.Remote, parsed.Ref, parsed.Folder));
    }

    [Theory]
    [InlineData("https://h/r")]
    [InlineData("http://h/r.tar.gz#x.git")]
    [InlineData("./r.git")]
    [InlineData("r.git")]
    [InlineData("a/b@c:d")]
    [InlineData("file:///r.git")]
    [InlineData("C:\\r.git")]
    public void Other_sources_are_no_git_reference(string text) => Assert.Null(GitReference.TryParse(text));

    [Theory]
    [InlineData("https://h/r.git#-x")]
    [InlineData("https://h/r.git#a..b")]
    [InlineData("https://h/r.git#a b")]
    [InlineData("https://h/r.git#x:../../etc")]
    [InlineData("https://h/r.git?subdir=a/../../b")]
    [InlineData("ssh://-oProxyCommand=x/r.git")]
    [InlineData("git@-oProxyCommand=x:r.git")]
    [InlineData("https://h/r.git?what=1")]
    [InlineData("https://h/r.git?ref=a&ref=b")]
    [InlineData("https://h/r.git?ref=a#b")]
    [InlineData("https://h/r.git?tag=a&branch=b")]
    [InlineData("https://h/r.git?subdir=")]
    [InlineData("https://h/r.git?submodules=2")]
    public void A_hostile_git_reference_is_refused(string text) =>
        Assert.Throws<FormatException>(() => GitReference.TryParse(text));

    [Theory]
    [InlineData("0644", true)]
    [InlineData("7777", true)]
    [InlineData("000755", true)]
    [InlineData("10000", false)]
    [InlineData("0o755", false)]
    [InlineData("8", false)]
    [InlineData("", false)]
    [InlineData("a+x", true)]
    [InlineData("u=rwX,go=rX", true)]
    [InlineData("+x", true)]
    [InlineData("g=u", true)]
    [InlineData("u+s,o+t", true)]
    [InlineData("u-w+x", true)]
    [InlineData("go=", true)]
    [InlineData("u", false)]
    [InlineData("u+q", false)]
    [InlineData("x+r", false)]
    [InlineData("u+r,", false)]
    public void A_mode_is_octal_or_symbolic(string text, bool expected) => Assert.Equal(expected, FileModeText.IsValid(text));

    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("80/UDP", "80/udp")]
    [InlineData("80/", "80/tcp")]
    [InlineData("10-12/sctp", "10/sctp 11/sctp 12/sctp")]
    [InlineData("127.0.0.1:8080:80", "80/tcp")]
    [InlineData("[::1]:8080:80", "80/tcp")]
    [InlineData("8000-8010:80", "80/tcp")]
    [InlineData("0", "0/tcp")]
    public void Ports_are_spelt_out(string text, string expected) => Assert.Equal(expected, string.Join(' ', ExposedPorts.Read(text)));

    [Theory]
    [InlineData("")]
    [InlineData("/tcp")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("2-1")]
    [InlineData("1-2-3")]
    [InlineData("http")]
    [InlineData("80/tcp/udp")]
    [InlineData("300.0.0.1:1:1")]
    [InlineData("1-3:1-2")]
    [InlineData("+80")]
    public void What_is_no_port_is_refused(string text) => Assert.Throws<FormatException>(() => ExposedPorts.Read(text).Count());

    [Fact]
    public void History_quotes_as_Go_does()
    {
        Assert.Equal("[\"a b\" \"c\\\"d\" \"e\\\\n\\n\\t\\x01é한\\u00a0\"]", HistoryText.Quoted(["a b", "c\"d", "e\\n\n\t\u0001é한\u00A0"]));
        Assert.Equal("[a b]", HistoryText.Plain(["a", "b"]));
        Assert.Equal("RUN |1 A=b /bin/sh -c x # buildkit", HistoryText.Run(["A=b"], ["/bin/sh", "-c", "x"]));
        Assert.Equal(
            "&{[\"CMD-SHELL\" \"x\"] \"5m0s\" \"3s\" \"0s\" \"0s\" '\\x03'}",
            HistoryText.Probe(new Oci.Healthcheck { Test = ["CMD-SHELL", "x"], Interval = 300_000_000_000, Timeout = 3_000_000_000, Retries = 3 }));
    }

    [Theory]
    [InlineData("docker/dockerfile:1.20", true)]
    [InlineData("docker.io/docker/dockerfile", true)]
    [InlineData("docker/dockerfile-upstream:master-labs", true)]
    [InlineData("docker/dockerfile@sha256:00", true)]
    [InlineData("localhost:5000/docker/dockerfile:1", false)]
    [InlineData("example/buildpack", false)]
    public void Dockers_own_frontend_is_built_in(string syntax, bool expected) => Assert.Equal(expected, Directives.IsBuiltIn(syntax));
}
