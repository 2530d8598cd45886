// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class TmpfsOptionsTests
{
    [Theory]
    [InlineData("", "noexec,nosuid,nodev,rprivate")]
    [InlineData("size=64m,mode=1777", "noexec,nosuid,nodev,rprivate,size=64m,mode=1777")]
    [InlineData("exec", "nosuid,nodev,rprivate,exec")]
    [InlineData("exec,noexec", "nosuid,nodev,rprivate,noexec")]
    [InlineData("size=1m,size=2m", "noexec,nosuid,nodev,rprivate,size=2m")]
    [InlineData("rw,ro,noatime,strictatime", "noexec,nosuid,nodev,rprivate,ro,strictatime")]
    public void The_last_word_wins(string options, string merged) =>
        Assert.Equal(merged, string.Join(',', TmpfsOptions.WithDefaults(options.Split(',', StringSplitOptions.RemoveEmptyEntries))));

    [Theory]
    [InlineData("size")]
    [InlineData("size=")]
    [InlineData("lowerdir=/etc")]
    [InlineData("bind")]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("mode=1\0")]
    public void What_tmpfs_does_not_have_is_refused(string option) =>
        Assert.Throws<TareException>(() => TmpfsOptions.WithDefaults([option]));

    [Fact]
    public void There_is_a_bound() => Assert.Throws<TareException>(() => TmpfsOptions.WithDefaults([.. Enumerable.Repeat("ro", 65)]));
}
