// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Wall;

/// <summary>The engine's sockets and folders, from a container on the host's network and from a user of the host.</summary>
public sealed class SocketWall(Ground ground) : WallTests(ground)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public void CVE_2020_15257_No_socket_of_ours_is_abstract()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's sockets stand elsewhere");
        string before = Abstract(File.ReadAllText("/proc/net/unix"));
        string name = Subject.Sleeper("--network", "host");
        using Conversation attached = Subject.Start("attach", name);

        string inside = Ground.ShellIn(name, "cat /proc/net/unix");

        Assert.DoesNotContain("tare", Abstract(inside), StringComparison.Ordinal);
        Assert.DoesNotContain(Subject.Look(name, "{{.Id}}"), Abstract(inside), StringComparison.Ordinal);
        Assert.True(Abstract(inside).Split('\n').Length <= before.Split('\n').Length, inside);
        Assert.All(Sockets(Keepers.Of(Subject.Program, name)), socket => Assert.EndsWith("/ctl", socket, StringComparison.Ordinal));
    }

    [Fact]
    public void CVE_2020_15257_CVE_2014_3499_CVE_2021_41103_A_socket_is_its_owners_in_a_folder_of_its_owners()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's sockets stand elsewhere");
        Subject.Sleeper();

        Assert.Equal(Owner, File.GetUnixFileMode(Subject.Program.Root));
        Assert.Equal(Owner, File.GetUnixFileMode(Subject.Program.RunFolder));
        string[] sockets = Directory.GetFileSystemEntries(Subject.Program.RunFolder, "ctl", SearchOption.AllDirectories);
        Assert.NotEmpty(sockets);
        Assert.All(sockets, socket => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.GetDirectoryName(socket)!) & Others));
    }

    [Fact]
    public void CVE_2014_3499_CVE_2021_41091_CVE_2021_41103_CVE_2021_21284_CVE_2024_25621_No_path_of_ours_is_reached_by_a_user_of_the_host()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's files stand elsewhere");
        string name = Subject.Script("cp /bin/busybox /rooted; chmod 4755 /rooted; chmod 777 /; cp -p /rooted /v; echo ready; sleep 1000", "-v", "wall:/v");
        Subject.AwaitLog(name, "ready");
        string[] files =
        [
            .. Below(Subject.Program.Root), .. Below(Subject.Program.RunFolder), $"/proc/{Subject.Look(name, "{{.State.Pid}}")}/root/rooted",
            $"/proc/{Keepers.Of(Subject.Program, name)}/cwd", $"/proc/{Keepers.Of(Subject.Program, name)}/fd",
        ];
        Assert.Contains(files, file => file.EndsWith("/rooted", StringComparison.Ordinal));

        string list = Path.Combine(Ground.HostFolder(), "list");
        File.WriteAllLines(list, [list, .. files]);
        string reached = AsUser($"while read -r f; do if ls \"$f\" || [ -x \"$f\" ] || : <\"$f\"; then echo \"$f\" >&3; fi; done <{list} 3>&1 >/dev/null 2>&1");

        // that list itself, and nothing of ours
        Assert.Equal($"{list}\n", reached);
        Assert.Equal("", AsUser($"ls {Subject.Program.Root} {Subject.Program.RunFolder} 2>/dev/null"));
    }

    /// <summary>The names at which a process listens, as the kernel knows them.</summary>
    private static string[] Sockets(int process)
    {
        string[] open = [.. Directory.GetFiles($"/proc/{process}/fd").Select(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)!.Name)];
        string[] listening =
        [
            .. File.ReadLines("/proc/net/unix").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words[3] == "00010000" && open.Contains($"socket:[{words[6]}]")).Select(words => words.Length > 7 ? words[7] : "nameless"),
        ];
        Assert.NotEmpty(listening);
        return listening;
    }

    private static IEnumerable<string> Below(string folder) => Directory
        .EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Prepend(folder).Where(path => !path.Contains("/layers/", StringComparison.Ordinal) || path.EndsWith("/bin/busybox", StringComparison.Ordinal));

    private static string Abstract(string sockets) =>
        string.Join('\n', sockets.Split('\n').Where(line => line.Contains(" @", StringComparison.Ordinal)).Select(line => line[line.IndexOf(" @", StringComparison.Ordinal)..]));

    private static string AsUser(string script)
    {
        using Process user = Process.Start(new ProcessStartInfo(
            "setpriv", ["--reuid=1000", "--regid=1000", "--clear-groups", "--inh-caps=-all", "sh", "-c", script])
        { RedirectStandardOutput = true })!;
        string text = user.StandardOutput.ReadToEnd();
        user.WaitForExit();
        return text;
    }
}
