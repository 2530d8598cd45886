// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>A false /dev: device nodes made on the host, masks and the console taken from where the image points.</summary>
public sealed class DevLinkWall(Ground ground) : WallTests(ground)
{
    private static readonly string[] Sources = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts"];

    private static readonly string Masked =
        $"for f in {string.Join(' ', Sources)}; do [ ! -e $f ] || stat -c %t:%T $f; cat $f; done; ls /sys/firmware; " +
        "echo x 2>/dev/null >/proc/sys/kernel/core_pattern; echo x 2>/dev/null >/proc/kcore; true";

    /// <remarks>Docker has a layer of its own above the image's, with a folder there, and starts.</remarks>
    [Theory]
    [InlineData("{0}")]
    [InlineData("../../../../../..{0}")]
    [InlineData("../../..")]
    [InlineData("tmp")]
    [InlineData("proc")]
    public void CVE_2026_41579_CVE_2026_47766_An_image_whose_dev_is_a_link(string target)
    {
        string image = new EvilImage().Link("dev", string.Format(null, target, Canary.Folder)).LoadInto(Subject);

        foreach (string[] flags in (string[][])[["--device", "/dev/zero:/dev/mine"], ["-t"]])
        {
            Outcome outcome = Ground.Run([.. flags, image, "true"]);
            if (Subject.Reference is null)
            {
                Ground.AssertRefused(outcome, target);
            }
        }
    }

    [Fact]
    public void CVE_2026_41579_CVE_2026_47766_What_an_image_has_in_dev_is_covered()
    {
        var image = new EvilImage().Folder("dev", 0b111_101_101);
        foreach (string name in (string[])["pts", "shm", "mqueue", "null", "mine"])
        {
            image.Link($"dev/{name}", Canary.Folder);
        }

        Outcome outcome = Ground.Run(
            "--device", "/dev/zero:/dev/mine", image.LoadInto(Subject), "sh", "-c", "stat -c '%F %t:%T' /dev/null /dev/mine; cd /dev; ls -d pts shm mqueue");

        Assert.Equal("character special file 1:3\ncharacter special file 1:5\nmqueue\npts\nshm\n", outcome.Text);
    }

    /// <summary>A device may be asked for anywhere: there too it is made inside.</summary>
    [Fact]
    public void CVE_2026_47766_A_device_behind_a_link_of_the_image_is_made_inside()
    {
        string image = new EvilImage().Link("out", Canary.Folder).Link("up", "../../../../.." + Canary.Folder).LoadInto(Subject);

        foreach (string target in (string[])["/out/mine", "/up/deep/mine"])
        {
            Outcome outcome = Ground.Run("--device", $"/dev/zero:{target}", image, "stat", "-c", "%t:%T", target);
            Assert.True(outcome.ExitCode is >= 125 and <= 127 || outcome.Text == "1:5\n", $"{outcome.Text}{outcome.Error}");
        }
    }

    /// <summary>The source of a mask is not looked for in a /dev that others change.</summary>
    [Fact]
    public void CVE_2025_31133_CVE_2025_62161_A_mask_is_not_what_the_volume_calls_null()
    {
        string expected = string.Concat(Sources.Where(File.Exists).Select(_ => "1:3\n"));
        string dev = Ground.HostFolder();
        File.CreateSymbolicLink($"{dev}/null", "/proc/sys/kernel/core_pattern");
        File.CreateSymbolicLink($"{dev}/link", $"{Canary.Folder}/file");
        using var racer = new Racer(Ground, dev, "null", "link");

        for (int i = 0; i < 20; i++)
        {
            Outcome outcome = racer.During(() => Ground.Run("-v", $"{dev}:/dev", Subject.Image, "sh", "-c", Masked));
            Assert.True(outcome.ExitCode is >= 125 and <= 127 || outcome.Text == expected, $"{outcome.ExitCode}: {outcome.Text}");
        }
    }

    [Fact]
    public void CVE_2025_52565_A_console_is_the_terminal_itself()
    {
        string dev = Ground.HostFolder();
        Directory.CreateDirectory($"{dev}/pts");
        File.CreateSymbolicLink($"{dev}/link", $"{Canary.Folder}/file");
        File.CreateSymbolicLink($"{dev}/console", "/proc/sys/kernel/core_pattern");
        File.CreateSymbolicLink($"{dev}/pts/0", $"{Canary.Folder}/file");
        string image = new EvilImage().Folder("dev", 0b111_101_101).Link("dev/console", $"{Canary.Folder}/file")
            .Link("dev/pts", Canary.Folder).LoadInto(Subject);
        using var racer = new Racer(Ground, dev, "console", "link");

        // without a volume there, what the image has is covered
        Assert.Equal("character special file 136:0\r\n", Ground.Run("-t", image, "sh", "-c", "stat -c '%F %t:%T' /dev/console | sed s/88:/136:/").Text);
        foreach (string place in (string[])["/dev", "/dev/pts", "/dev/shm"])
        {
            for (int i = 0; i < 5; i++)
            {
                racer.During(() => Ground.Run("-t", "-v", $"{dev}:{place}", image, "sh", "-c", "echo x >/dev/console; echo x >/dev/pts/0; cat /dev/link"));
            }
        }
    }
}
