// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>A store with the image <c>busybox</c>, made from the static busybox of this machine; shared by a class's
/// tests.</summary>
public sealed class Busybox : IDisposable
{
    private static readonly string[] Applets =
    [
        "cat", "chmod", "chown", "cut", "date", "dd", "df", "echo", "env", "false", "grep", "head", "hostname", "id", "ip", "kill", "ln", "ls",
        "mkdir", "mknod", "mount", "ps", "pwd", "readlink", "rm", "seq", "sh", "sleep", "sort", "stat", "stty", "tail", "test", "touch", "tr", "true",
        "tty", "umount", "uname", "wc", "whoami",
    ];

    public Busybox()
    {
        string root = Directory.CreateDirectory(Path.Combine(Tare.Folder, "busybox")).FullName;
        foreach (string name in (string[])["bin", "etc", "root", "tmp", "home", "opt"])
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        string binary = File.Exists("/bin/busybox") ? "/bin/busybox" : "/usr/bin/busybox";
        File.Copy(binary, Path.Combine(root, "bin/busybox"));
        foreach (string applet in Applets)
        {
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        }

        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000:guest:/home/guest:/bin/sh\n");
        File.WriteAllText(Path.Combine(root, "etc/group"), "root:x:0:\nguest:x:1000:\naudio:x:29:guest\n");
        File.WriteAllText(Path.Combine(root, "opt/note"), "from the image\n");
        File.WriteAllText(Path.Combine(root, "opt/plain"), "not a program\n");
        string tar = Path.Combine(Tare.Folder, "busybox.tar");
        using Process pack = Process.Start("tar", ["-C", root, "--owner=0", "--group=0", "-cf", tar, "."]);
        pack.WaitForExit();
        Tare.Succeed("import", "-c", "CMD [\"sh\"]", "-c", "ENV FROM_IMAGE=yes", tar, "busybox");
        ImageId = Tare.Succeed("images", "-q", "--no-trunc").TrimEnd('\n');
    }

    public TareBinary Tare { get; } = new();

    /// <summary>The whole ID.</summary>
    public string ImageId { get; }

    /// <summary><c>tare run --rm</c> with flags, then <c>busybox</c>, then the command.</summary>
    public Outcome Run(string flags, params string[] command) => Tare.Run(Words(flags, command));

    public static string[] Words(string flags, string[] command) =>
        ["run", "--rm", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), "busybox", .. command];

    /// <summary>The standard output of a shell in a container, which must succeed.</summary>
    public string Shell(string flags, string script)
    {
        Outcome outcome = Run(flags, "sh", "-c", script);
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Error}{outcome.Text}");
        return outcome.Text;
    }

    public void Dispose() => Tare.Dispose();
}
