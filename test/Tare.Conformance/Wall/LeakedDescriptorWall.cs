// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Descriptors of the host's that reach a container, and working directories that lead through them.</summary>
public sealed class LeakedDescriptorWall(Ground ground) : WallTests(ground)
{
    private const string Look = "readlink /proc/self/fd/7; readlink /proc/self/fd/8; pwd; exec ls /proc/self/fd";

    // ls opens the folder itself
    private const string Standard = "/\n0\n1\n2\n3\n";

    /// <summary>Working directories that are links which the kernel follows by themselves, not by name.</summary>
    private static readonly string[] Magic =
    [
        .. Enumerable.Range(0, 31).Select(i => $"/proc/self/fd/{i}"), "/proc/1/fd/7", "/proc/self/cwd", "/proc/1/cwd",
        "/proc/self/root", "/proc/self/root/tmp", "/proc/thread-self/fd/7", "/proc/self/task/1/fd/7", "/proc/self/fd/7/dir", "/leak",
        "/leaks/7", "/leaks/7/dir",
    ];

    [Fact]
    public void CVE_2015_3627_CVE_2024_21626_A_container_has_the_standard_descriptors_only()
    {
        string name = Subject.Created("sh", "-c", Look);

        Assert.Equal(Standard, Ground.RunLeaking("run", "--rm", Subject.Image, "sh", "-c", Look).Text);
        Assert.Equal(Standard, Ground.RunLeaking("start", "-a", name).Text);
    }

    [Fact]
    public void CVE_2015_3627_CVE_2024_21626_A_further_process_and_its_keeper_have_none_of_ours()
    {
        string name = Subject.Name("leaky");
        Ground.RunLeaking("run", "-d", "--name", name, Subject.Image, "sleep", "1000");

        Assert.Equal(Standard, Ground.RunLeaking("exec", name, "sh", "-c", Look).Text);
        if (Subject.Reference is null)
        {
            string[] open = Directory.GetFiles($"/proc/{Keepers.Of(Subject.Program, name)}/fd");
            Assert.DoesNotContain(
                open.Select(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName ?? ""),
                path => path.StartsWith(Canary.Folder, StringComparison.Ordinal));
        }
    }

    /// <summary>Links of the image in /dev must not be what the streams are opened by.</summary>
    [Fact]
    public void CVE_2015_3627_The_streams_are_not_opened_through_links_of_the_image()
    {
        var image = new EvilImage().Folder("dev", 0b111_101_101);
        foreach (string name in (string[])["stdin", "stdout", "stderr", "console", "null", "ptmx", "fd"])
        {
            image.Link($"dev/{name}", $"{Canary.Folder}/file");
        }

        Outcome outcome = Ground.Run(
            "-v", $"{Canary.Folder}:{Canary.Folder}:ro", image.LoadInto(Subject), "sh", "-c", "echo out; echo err >&2; echo dev >/dev/stdout");

        Assert.Equal((0, "out\ndev\n", "err\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void CVE_2024_21626_A_working_directory_that_is_a_leaked_descriptor()
    {
        string image = new EvilImage().Link("leak", "/proc/self/fd/7").Link("leaks", "/proc/self/fd").LoadInto(Subject);
        string name = Subject.Name("workdir");
        Subject.Ask("run", "-d", "--name", name, image, "sleep", "1000");

        foreach (string folder in Magic)
        {
            Judge(folder, Ground.RunLeaking("run", "--rm", "-w", folder, image, "sh", "-c", "pwd; cat file; cat ../file"));
            Judge(folder, Ground.RunLeaking("exec", "-w", folder, name, "sh", "-c", "pwd; cat file; cat ../file"));
        }
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/self/cwd")]
    [InlineData("/leak")]
    public void CVE_2024_21626_A_working_directory_of_the_image_that_is_a_leaked_descriptor(string folder)
    {
        string image = new EvilImage().Link("leak", "/proc/self/fd/7")
            .Configured($$"""{"WorkingDir":"{{folder}}"}""").LoadInto(Subject);

        Judge(folder, Ground.RunLeaking("run", "--rm", image, "cat", "file"));
    }

    private void Judge(string folder, Outcome outcome) => Ground.AssertRefused(outcome, folder);
}
