// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Files that the engine reads or makes in a container's root: /etc, the working directory.</summary>
public sealed class EtcLinkWall(Ground ground) : WallTests(ground)
{
    [Theory]
    [InlineData("etc")]
    [InlineData("etc/mtab")]
    [InlineData("etc/hosts")]
    [InlineData("etc/hostname")]
    [InlineData("etc/resolv.conf")]
    [InlineData("etc/passwd")]
    [InlineData("etc/group")]
    public void CVE_2024_5154_CVE_2025_24965_A_file_of_ours_that_the_image_made_a_link(string name)
    {
        foreach (string target in (string[])[Canary.Folder, $"{Canary.Folder}/file", $"../../../../..{Canary.Folder}/new"])
        {
            string image = new EvilImage().Link(name, target).LoadInto(Subject);
            Outcome outcome = Ground.Run("-h", "box", "-w", "/etc/made/here", image, "sh", "-c", "echo x >>/etc/hosts; cat /etc/mtab; echo ran");
            Assert.True(
                outcome.ExitCode is >= 125 and <= 127 || outcome.Text.EndsWith("ran\n", StringComparison.Ordinal),
                $"{outcome.ExitCode}: {outcome.Text}{outcome.Error}");
            Canary.AssertUntouched();
        }
    }

    /// <remarks>Docker 28 waits for ever for the pipe's other end.</remarks>
    [Theory]
    [InlineData("etc/passwd")]
    [InlineData("etc/group")]
    [InlineData("etc/hosts")]
    [InlineData("etc/mtab")]
    public void CVE_2024_5154_A_file_of_ours_that_the_image_made_a_pipe_or_a_device_stops_nobody(string name)
    {
        foreach (EvilImage image in (EvilImage[])[new EvilImage().Fifo(name), new EvilImage().Device(name, 'c', 1, 5)])
        {
            Assert.SkipWhen(Subject.Reference is not null, "docker hangs");

            // a name has to be looked up; it is not there, which is said
            Outcome outcome = Ground.Run("-u", "user", image.LoadInto(Subject), "true");
            Assert.True(outcome.ExitCode is 0 or 125 or 126, $"{outcome.ExitCode}: {outcome.Error}");
        }
    }

    /// <summary>Accounts are the image's: a link does not bring in those of the host.</summary>
    [Fact]
    public void CVE_2024_5154_Accounts_are_not_read_from_the_host()
    {
        string passwd = Path.Combine(Ground.HostFolder(), "passwd");
        File.WriteAllText(passwd, "ghost:x:0:0::/:/bin/sh\n");
        string image = new EvilImage().Link("etc/passwd", passwd).Link("etc/group", $"../../../..{passwd}").LoadInto(Subject);

        Ground.AssertRefused(Ground.Run("-u", "ghost", image, "true"), "user");
        Ground.AssertRefused(Ground.Run("-u", "0:ghost", image, "true"), "group");
        Ground.AssertRefused(Ground.Run("--group-add", "ghost", image, "true"), "more groups");
    }

    [Theory]
    [InlineData("/out/made")]
    [InlineData("/up/made/deep")]
    [InlineData("/chain/made")]
    [InlineData("/out")]
    public void CVE_2026_55686_A_working_directory_behind_a_link_is_made_inside(string folder)
    {
        string image = new EvilImage().Link("out", Canary.Folder).Link("up", $"../../../../..{Canary.Folder}")
            .Link("chain", "up/dir").Configured($$"""{"WorkingDir":"{{folder}}","User":"1000"}""").LoadInto(Subject);

        Outcome outcome = Ground.Run(image, "sh", "-c", "pwd; cat file ../file inner");

        Assert.True(outcome.ExitCode != 0, outcome.Text);
    }

    [Fact]
    public void CVE_2022_4318_A_line_in_a_name_is_not_a_line_in_passwd()
    {
        const string Line = "/x\nevil:x:0:0::/:/bin/sh\n";
        string image = new EvilImage().Configured("""{"Env":["HOME=/x\nevil:x:0:0::/:/bin/sh"]}""").LoadInto(Subject);
        string before = Ground.Shell("cat /etc/passwd");

        Assert.Equal(before, Ground.Shell("cat /etc/passwd", "-e", $"HOME={Line}", "-w", Line, "-u", "4242:4242"));
        Assert.Equal($"{before}\n", Ground.Run("-u", "4242", image, "cat", "/etc/passwd").Text);
        Ground.AssertRefused(Ground.Run("-u", $"user{Line}", image, "true"), "user");
        if (Subject.Reference is null)
        {
            // docker has a host name of two lines then
            Ground.AssertRefused(Ground.Run("-h", $"host{Line}", image, "true"), "host name");
        }
    }

    /// <summary>What goes into a container goes there by mount, and nobody else reads it on the way.</summary>
    [Fact]
    public void CVE_2024_9341_CVE_2025_9566_CVE_2025_4953_What_a_volume_links_to_is_not_written()
    {
        string volume = Ground.HostFolder();
        File.CreateSymbolicLink($"{volume}/hosts", $"{Canary.Folder}/file");
        File.CreateSymbolicLink($"{volume}/resolv.conf", $"{Canary.Folder}/new");
        File.CreateSymbolicLink($"{volume}/hostname", $"../../../../..{Canary.Folder}/dir");

        Outcome outcome = Ground.Run("-v", $"{volume}:/etc", Subject.Image, "true");

        Assert.True(outcome.ExitCode is 0 or 125 or 126 or 127, $"{outcome.ExitCode}: {outcome.Error}");
    }

    /// <summary>A new volume is filled with what the image has at its place, not with what the host has there.</summary>
    [Theory]
    [InlineData("{0}")]
    [InlineData("../../../../..{0}")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/1/root{0}")]
    public void CVE_2022_23648_A_volume_is_not_filled_from_where_a_link_leads(string target)
    {
        string image = new EvilImage().Link("link", string.Format(null, target, Canary.Folder))
            .Configured("""{"Volumes":{"/link":{},"/link/dir":{}}}""").LoadInto(Subject);
        const string Read = "cat /link/file /link/dir/inner /link/inner; ls -R /link";

        Ground.RunLeaking("run", "--rm", image, "sh", "-c", Read);
        Ground.RunLeaking("run", "--rm", "-v", $"{Subject.Name("filled")}:/link", image, "sh", "-c", Read);
        Ground.RunLeaking("run", "--rm", "--mount", $"type=volume,source={Subject.Name("filled")},target=/link/dir", image, "sh", "-c", Read);
    }

    /// <summary>Every start finds the root as its last run left it.</summary>
    [Fact]
    public void CVE_2015_3629_A_container_that_moved_its_mount_points_away_starts_again()
    {
        string name = Subject.Name("respawn");
        string link = $"mkdir -p {Canary.Folder}/deep; mv $f $f.$(date +%s%N); ln -s {Canary.Folder} $f";
        Subject.Ask(
            "create", "--name", name, "-v", $"{Ground.HostFolder()}:/a/deep/bind", "--tmpfs", "/b/deep/tmp", "-v", "/c/deep/volume", "-w", "/d/deep",
            Subject.Image, "sh", "-c", $"cat /a/file /b/file /c/deep/file; cd /; for f in /a /b /c /d /etc; do {link}; done; echo ran");

        for (int i = 0; i < 50; i++)
        {
            Outcome outcome = Subject.Run("start", "-a", name);
            Assert.Equal("ran\n", outcome.Text);
            Canary.AssertUnseen(outcome);
        }
    }
}
