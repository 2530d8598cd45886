// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>A false /proc or /sys, by which labels and settings would be written somewhere else.</summary>
public sealed class ProcLinkWall(Ground ground) : WallTests(ground)
{
    private const string IsProcfs =
        "[ $(stat -f -c %t /proc) = 9fa0 ] && [ $(stat -f -c %t /proc/sys) = 9fa0 ] && [ $(stat -f -c %t /sys) = 62656572 ] && echo real";

    /// <remarks>Docker has a layer of its own above the image's, with folders in these places, and starts.</remarks>
    [Theory]
    [InlineData("proc", "{0}")]
    [InlineData("proc", "../../../../../..{0}")]
    [InlineData("proc", "tmp")]
    [InlineData("sys", "{0}")]
    [InlineData("sys", "proc")]
    public void CVE_2019_19921_CVE_2023_27561_CVE_2023_28642_An_image_whose_proc_is_a_link(string name, string target)
    {
        string image = new EvilImage().Link(name, string.Format(null, target, Canary.Folder)).LoadInto(Subject);

        Outcome outcome = Ground.Run(image, "sh", "-c", IsProcfs);

        if (Subject.Reference is null)
        {
            Ground.AssertRefused(outcome, name);
        }
        else
        {
            Assert.Equal("real\n", outcome.Text);
        }
    }

    [Fact]
    public void CVE_2015_3631_CVE_2019_16884_What_an_image_has_in_proc_is_covered()
    {
        string image = new EvilImage()
            .Folder("proc", 0b111_101_101).Link("proc/self", Canary.Folder).Link("proc/sys", $"{Canary.Folder}/sys")
            .Link("proc/keys", $"{Canary.Folder}/file").Folder("sys", 0b111_101_101).Link("sys/fs", Canary.Folder)
            .Link("sys/firmware", Canary.Folder).LoadInto(Subject);

        Assert.Equal("real\n", Ground.Run(image, "sh", "-c", IsProcfs).Text);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/self")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/1")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/proc/acpi")]
    [InlineData("/tmp/../proc")]
    [InlineData("//proc//self/")]
    [InlineData("/link/self")]
    public void CVE_2015_3631_CVE_2019_16884_CVE_2019_19921_A_volume_in_the_place_of_proc(string target)
    {
        string image = new EvilImage().Link("link", "/proc").LoadInto(Subject);
        string[][] mounts =
        [
            ["-v", $"{Ground.HostFolder()}:{target}"], ["-v", $"false:{target}"], ["--tmpfs", target.Replace("//", "/", StringComparison.Ordinal)],
        ];

        foreach (string[] mount in mounts)
        {
            Outcome outcome = Ground.Run([.. mount, image, "sh", "-c", IsProcfs]);
            if (target.StartsWith("/link", StringComparison.Ordinal) && outcome.ExitCode == 0)
            {
                // made in the image's own folder before the procfs covers it
                Assert.Equal("real\n", outcome.Text);
                continue;
            }

            Ground.AssertRefused(outcome, string.Join(' ', mount));
        }
    }

    /// <summary>The target is resolved through links of the image that lead into a procfs, if one is there by then.</summary>
    [Theory]
    [InlineData("/proc/self")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/proc/self/root/proc")]
    public void CVE_2025_52881_CVE_2023_28642_A_volume_behind_a_link_into_proc(string target)
    {
        string image = new EvilImage().Link("link", target).LoadInto(Subject);

        Outcome outcome = Ground.Run("-v", $"{Ground.HostFolder()}:/link", image, "sh", "-c", IsProcfs);

        Assert.True(outcome.ExitCode != 0 || outcome.Text == "real\n", outcome.Text);
        Assert.True(outcome.ExitCode is 0 or >= 125 and <= 127, $"{outcome.ExitCode}: {outcome.Error}");
    }

    /// <summary>A setting is written to the container's own procfs, whatever the image or a volume has at its path.</summary>
    [Fact]
    public void CVE_2025_52881_A_setting_is_written_where_it_belongs()
    {
        string core = Path.Combine(Ground.HostFolder(), "core_pattern");
        File.CreateSymbolicLink(core, "/proc/sys/kernel/core_pattern");
        string image = new EvilImage().Folder("proc", 0b111_101_101).Link("proc/sys", $"{Canary.Folder}/sys").LoadInto(Subject);

        Outcome outcome = Ground.Run(
            "--sysctl", "net.ipv4.ip_forward=0", "--sysctl", "kernel.msgmax=4242", "-v", $"{Path.GetDirectoryName(core)}:/v", image, "cat",
            "/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/msgmax");

        Assert.Equal("0\n4242\n", outcome.Text);
        foreach (string name in (string[])["kernel.core_pattern=|/x", "kernel.sysrq=1", "net/../kernel/core_pattern=x", "net.ipv4.conf.../kernel=1"])
        {
            Ground.AssertRefused(Ground.Run("--sysctl", name, image, "true"), name);
        }
    }

    /// <summary>One that belongs to no namespace of the container's, by name or hidden in a value.</summary>
    [Theory]
    [InlineData("net.core.somaxconn=4096", "--network", "host")]
    [InlineData("net.ipv4.ip_forward=0", "--network", "host")]
    [InlineData("kernel.hostname=wall")]
    [InlineData("kernel.randomize_va_space=2")]
    [InlineData("vm.overcommit_memory=0")]
    [InlineData("kernel.shm_rmid_forced=1+kernel.core_pattern=|/wall")]
    public void CVE_2022_0532_CVE_2022_0811_A_setting_does_not_reach_the_host(string setting, params string[] flags) =>
        Ground.AssertRefused(Ground.Run([.. flags, "--sysctl", setting, Subject.Image, "true"]), setting);

    /// <summary>The kernel reads the number and leaves the rest; nobody else may read it.</summary>
    [Fact]
    public void CVE_2022_0811_A_second_line_of_a_setting_is_no_setting()
    {
        Outcome outcome = Ground.Run(
            "--sysctl", "kernel.msgmax=4242\nkernel.msgmnb=1", Subject.Image, "cat", "/proc/sys/kernel/msgmnb", "/proc/sys/kernel/core_pattern");

        Assert.True(
            outcome.ExitCode != 0 || outcome.Text == $"16384\n{File.ReadAllText("/proc/sys/kernel/core_pattern")}", outcome.Text);
    }

    /// <summary>A program that another container's volume offers changes while labels and settings are written.</summary>
    [Fact]
    public void CVE_2019_19921_CVE_2025_52881_A_volume_that_is_exchanged_meanwhile()
    {
        string volume = Ground.HostFolder();
        Directory.CreateDirectory($"{volume}/real");
        File.CreateSymbolicLink($"{volume}/link", "/proc");
        using var racer = new Racer(Ground, volume, "real", "link");

        for (int i = 0; i < 20; i++)
        {
            Outcome outcome = racer.During(() => Ground.Run(
                "-v", $"{volume}:/v", "-v", $"{volume}:/v/real/sys", "--tmpfs", "/v/real/self", "--sysctl", "net.ipv4.ip_forward=0",
                Subject.Image, "sh", "-c", $"{IsProcfs}; cat /proc/sys/net/ipv4/ip_forward"));
            Assert.True(outcome.ExitCode != 0 || outcome.Text == "real\n0\n", $"{outcome.Text}{outcome.Error}");
        }
    }
}
