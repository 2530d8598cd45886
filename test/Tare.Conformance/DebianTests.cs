// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>What people do in a container of the real Debian; its tar is what <c>make images</c> made from packages.</summary>
[Trait("ring", "prove")]
public sealed class DebianTests : IDisposable
{
    private const string Image = "debian:bookworm-slim";

    private readonly TareBinary _tare = new();

    public DebianTests()
    {
        Outcome imported = _tare.Run("import", Tar(), Image);
        Assert.True(imported.ExitCode == 0, imported.Error);
    }

    [Fact]
    public void It_says_what_it_is() =>
        Assert.Contains("Debian GNU/Linux 12", Shell("cat /etc/os-release"), StringComparison.Ordinal);

    [Fact]
    public void A_local_package_is_built_installed_and_used() => Assert.EndsWith(
        "installed here\n",
        Shell(
            """
            mkdir -p /p/DEBIAN /p/usr/bin
            printf 'Package: here\nVersion: 1\nArchitecture: all\nMaintainer: x <x@localhost>\nDescription: here\n' > /p/DEBIAN/control
            printf '#!/bin/sh\necho installed here\n' > /p/usr/bin/here
            chmod 755 /p/usr/bin/here
            dpkg-deb -b /p /here.deb > /dev/null
            dpkg -i /here.deb > /dev/null
            here
            """),
        StringComparison.Ordinal);

    [Fact]
    public void A_user_is_added_and_become_and_set_uid_programs_raise_only_themselves()
    {
        string said = Shell(
            """
            useradd -m bob
            cp /usr/bin/id /tmp/id
            chmod 4755 /tmp/id
            su bob -c 'whoami; /tmp/id -u; id -u'
            su bob -c 'cat /etc/shadow' 2> /dev/null || echo refused
            """);

        Assert.Equal("bob\n0\n1000\nrefused\n", said);
    }

    [Fact]
    public void Nothing_but_the_three_streams_is_open()
    {
        string fds = Shell("ls -l /proc/self/fd | tail -n +2 | awk '{print $9}' | tr '\\n' ' '");

        // the fourth is the directory that ls itself reads
        Assert.Equal("0 1 2 3 ", fds);
    }

    public void Dispose() => _tare.Dispose();

    private string Shell(string script)
    {
        Outcome outcome = _tare.Run("run", "--rm", Image, "bash", "-euc", script);
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Text}{outcome.Error}");
        return outcome.Text;
    }

    private static string Tar()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string cache = Environment.GetEnvironmentVariable("TARE_CACHE") ?? Path.Combine(home, ".cache", "tare");
        string? tar = Directory.Exists(cache) ? Directory.GetFiles(cache, "debian-bookworm-slim-*.tar").FirstOrDefault() : null;
        Assert.True(tar is not null, "there is no Debian image yet: run `make images` first");
        return tar;
    }
}
