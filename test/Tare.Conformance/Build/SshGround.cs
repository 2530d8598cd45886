// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance.Build;

/// <summary>A store with busybox and with <c>client</c>, an image that has OpenSSH's programs of this host; and a server.</summary>
public sealed partial class SshGround : IDisposable
{
    public SshGround()
    {
        Server = new SshServer(Path.Combine(Ground.Tare.Folder, "sshd"));
        string context = Ground.Context(
            "FROM busybox\nCOPY root /\nCOPY known /known\n",
            ("root/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home:/bin/sh\n"),
            ("root/etc/nsswitch.conf", "passwd: files\nhosts: files\n"),
            ("known", Server.KnownHost));
        foreach (string program in (string[])["/usr/bin/ssh", "/usr/bin/ssh-add"])
        {
            Take(context, program);
            foreach (Match library in Library().Matches(Outcome.Of("ldd", program).Text))
            {
                Take(context, library.Value);
            }
        }

        Ground.Build(context, "-t", "client", "--network", "none");
    }

    public BuildGround Ground { get; } = new();

    public SshServer Server { get; }

    /// <summary>The line of a Dockerfile that runs a command on the server.</summary>
    /// <param name="mount">options of the mount</param>
    /// <param name="command">there</param>
    public string Asking(string mount, string command) =>
        $"RUN --mount=type=ssh{mount} ssh -o UserKnownHostsFile=/known -o StrictHostKeyChecking=yes -o BatchMode=yes -p {Server.Port} root@127.0.0.1 {command}\n";

    /// <summary>Builds where the server can be reached.</summary>
    public Outcome Build(string context, params string[] flags) =>
        Ground.Tare.Run(["build", "--progress", "plain", "--no-cache", "--network", "host", "--allow", "network.host", .. flags, context]);

    public void Dispose()
    {
        Server.Dispose();
        Ground.Dispose();
    }

    private static void Take(string context, string file)
    {
        string copy = $"{context}/root{file}";
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy, overwrite: true);
    }

    [GeneratedRegex("/[^ ]*\\.so[^ ]*")]
    private static partial Regex Library();
}
