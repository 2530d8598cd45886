// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Attest;

namespace Tare.Build.Tests.Attest;

public sealed class PackageDatabaseTests
{
    [Fact]
    public void Of_dpkg_only_what_is_installed_counts()
    {
        const string Status =
            """
            Package: libc6
            Status: install ok installed
            Architecture: amd64
            Source: glibc (2.36-9)
            Version: 2.36-9+deb12u1
            Maintainer: GNU Libc <libc@example.org>
            Description: library
             Homepage: not this
            Homepage: https://gnu.org

            Package: gone
            Status: deinstall ok config-files
            Version: 1

            Package: nameless
            """;

        Package package = Assert.Single(PackageDatabase.Debian(Encoding.UTF8.GetBytes(Status)));

        Assert.Equal(
            new Package("deb", "libc6", "2.36-9+deb12u1")
            {
                Architecture = "amd64",
                Source = "glibc",
                Maintainer = "GNU Libc <libc@example.org>",
                Homepage = "https://gnu.org",
            },
            package);
    }

    [Fact]
    public void Of_apk_every_paragraph_is_a_package()
    {
        const string Installed = "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\nF:lib\nR:ld.so\n\nP:busybox\nV:1.36\n\n";

        Assert.Equal(["musl 1.2.5-r0 MIT", "busybox 1.36 "], PackageDatabase.Alpine(Encoding.UTF8.GetBytes(Installed)).Select(p => $"{p.Name} {p.Version} {p.License}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("Package")]
    [InlineData("Package: \u0000")]
    [InlineData(" : : :\n:")]
    public void Rubbish_gives_no_packages(string text)
    {
        Assert.Empty(PackageDatabase.Debian(Encoding.UTF8.GetBytes(text)));
        Assert.Empty(PackageDatabase.Alpine(Encoding.UTF8.GetBytes(text)));
    }
}
