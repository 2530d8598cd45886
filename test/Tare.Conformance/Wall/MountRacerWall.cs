// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Mount points on a volume that another container exchanges for links out while they are looked up.</summary>
public sealed class MountRacerWall(Ground ground) : WallTests(ground)
{
    private const int Runs = 60;
    private const string Look = "pwd; cat file ../file /v/*/file /v/*/dir/inner; cut -d' ' -f4,5 /proc/self/mountinfo";
    private static readonly string[] Kinds = ["bind", "file", "tmp", "device", "deep", "work"];

    [Fact]
    public void CVE_2019_18837_CVE_2021_30465_CVE_2024_45310_CVE_2025_54867_A_mount_point_that_becomes_a_link()
    {
        string volume = Prepare(Canary.Folder);
        string[][] mounts =
        [
            ["-v", $"{volume}:/v/bind/new"], ["-v", $"{volume}/plain:/v/file/new"], ["--tmpfs", "/v/tmp"], ["--tmpfs", "/v/deep/er/est"],
            ["--device", "/dev/zero:/v/device/node"], ["-w", "/v/work"],
        ];
        string image = new EvilImage().Folder(Canary.Folder[1..], 0b111_101_101).LoadInto(Subject);
        using var racer = new Racer(Ground, volume, [.. Kinds.SelectMany(kind => (string[])[kind, $"{kind}.link"])]);
        int inside = 0;
        int behind = 0;

        for (int i = 0; i < Runs; i++)
        {
            Outcome outcome = racer.During(() => Ground.Run(
                ["-v", $"{volume}:/v", .. mounts[i % mounts.Length], image, "sh", "-c", Look]));
            Assert.True(outcome.ExitCode is 0 or >= 125 and <= 127, $"{outcome.ExitCode}: {outcome.Text}{outcome.Error}");
            inside += outcome.Text.Contains(" /v/", StringComparison.Ordinal) ? 1 : 0;
            behind += outcome.Text.Contains($" {Canary.Folder}", StringComparison.Ordinal) ? 1 : 0;
            Canary.AssertUntouched();
        }

        // the racer wins sometimes, and then it has led to the container's own folder of that name
        Assert.True(inside > 0 && behind > 0, $"of {Runs} starts {inside} had the folder, {behind} the link");
    }

    [Fact]
    public void CVE_2026_55686_A_working_directory_that_becomes_a_link_while_it_is_made()
    {
        string volume = Prepare(Canary.Folder);
        using var racer = new Racer(Ground, volume, "work", "work.link");
        string name = Subject.Name("raced");
        Subject.Ask("run", "-d", "--name", name, "-v", $"{volume}:/v", "-v", $"{volume}:/v/mine", Subject.Image, "sleep", "1000");

        for (int i = 0; i < 30; i++)
        {
            string[] folders = ["/v/work", $"/v/work/{i}/a"];
            racer.During(() => Ground.RunLeaking(
                "run", "--rm", "-u", "1000", "-v", $"{volume}:/v", "-w", folders[i % 2], Subject.Image, "sh", "-c", "pwd; cat file ../../file"));
            racer.During(() => Ground.RunLeaking("exec", "-w", "/v/work", name, "sh", "-c", "pwd; cat file ../file"));
        }
    }

    /// <summary>The same with a link to a descriptor that somebody might have left open.</summary>
    [Fact]
    public void CVE_2024_21626_CVE_2024_45310_A_folder_that_becomes_a_link_to_a_descriptor()
    {
        string volume = Prepare("/proc/self/fd/7");
        using var racer = new Racer(Ground, volume, "work", "work.link", "bind", "bind.link");
        string name = Subject.Name("raced");
        Subject.Ask("run", "-d", "--name", name, "-v", $"{volume}:/v", Subject.Image, "sleep", "1000");

        for (int i = 0; i < 30; i++)
        {
            racer.During(() => Ground.RunLeaking("exec", "-w", "/v/work", name, "sh", "-c", "pwd; cat file"));
            racer.During(() => Ground.RunLeaking(
                "run", "--rm", "-v", $"{volume}:/v", "-v", $"{volume}:/v/bind/x", "-w", "/v/work", Subject.Image, "sh", "-c", "pwd; cat file /v/bind/file"));
        }
    }

    /// <summary>For each kind a folder and a link beside it.</summary>
    private string Prepare(string target)
    {
        string volume = Ground.HostFolder();
        File.WriteAllText($"{volume}/plain", "");
        foreach (string kind in Kinds)
        {
            Ground.HostFolder($"{volume}/{kind}");
            File.CreateSymbolicLink($"{volume}/{kind}.link", target);
        }

        return volume;
    }
}
