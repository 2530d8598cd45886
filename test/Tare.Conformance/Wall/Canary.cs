// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Wall;

/// <summary>Files of the host that no attack may touch or read, and values of the kernel that none may change.</summary>
public sealed class Canary
{
    private static readonly string[] KernelFiles =
    [
        "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname",
        "/proc/sys/kernel/sysrq", "/proc/sys/kernel/panic", "/proc/sys/kernel/modprobe",
        "/proc/sys/kernel/randomize_va_space", "/proc/sys/net/core/somaxconn", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/status",
        "/proc/irq/default_smp_affinity", "/sys/kernel/uevent_helper", "/sys/kernel/mm/ksm/run",
    ];

    private readonly string _before;

    public Canary(string parent)
    {
        Folder = Directory.CreateDirectory(Path.Combine(parent, "canary")).FullName;
        foreach (string name in (string[])["file", "dir/inner", "sys/kernel/core_pattern", "self/attr/current"])
        {
            string path = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Secret);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        _before = Look();
    }

    /// <summary>A folder of the host, outside of the store.</summary>
    public string Folder { get; }

    /// <summary>What each of its files says.</summary>
    public string Secret { get; } = $"secret-{Guid.NewGuid():N}";

    /// <summary>The same bytes, modes, owners, links, inodes and times, and nothing new.</summary>
    public void AssertUntouched() => Assert.Equal(_before, Look());

    /// <summary>Nobody read it either.</summary>
    public void AssertUnseen(Outcome outcome) =>
        Assert.DoesNotContain(Secret, outcome.Text + outcome.Error, StringComparison.Ordinal);

    private string Look()
    {
        string[] files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);
        string contents = string.Join('\n', files.Order(StringComparer.Ordinal).Select(File.ReadAllText));
        string entries = Find(Folder, "%p %y %i %m %U %G %n %s %T@ %C@ %l\n");
        string devices = Find("/dev/null", "%p %y %i %m %U %G\n") + Find("/dev/zero", "%p %y %i %m %U %G\n");
        string mounts = string.Join('\n', File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(Folder, StringComparison.Ordinal)));
        return string.Join('\n', contents, entries, devices, mounts, Kernel());
    }

    private static string Kernel() => string.Join(
        '\n', KernelFiles.Concat(ReleaseAgents()).Where(File.Exists).Select(path => $"{path} {File.ReadAllText(path)}"));

    private static IEnumerable<string> ReleaseAgents() =>
        from line in File.ReadLines("/proc/self/mounts")
        let words = line.Split(' ')
        where words[2] == "cgroup"
        select Path.Combine(words[1], "release_agent");

    /// <summary>One line for each entry, as find(1) words it.</summary>
    private static string Find(string path, string format)
    {
        using Process find = Process.Start(
            new ProcessStartInfo("find", [path, "-printf", format]) { RedirectStandardOutput = true })!;
        string[] lines = find.StandardOutput.ReadToEnd().Split('\n');
        find.WaitForExit();
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
