// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tare.Conformance.Build;

/// <summary>Repositories that git's own daemon serves on loopback.</summary>
public sealed class GitServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly int _port = FreePort();
    private readonly Process _daemon;

    /// <param name="folder">gets the repositories</param>
    public GitServer(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        _daemon = Process.Start(new ProcessStartInfo(
            "git",
            ["daemon", "--reuseaddr", "--export-all", "--listen=127.0.0.1", $"--port={_port}", $"--base-path={folder}", folder])
        {
            RedirectStandardError = true,
        })!;
        Await();
    }

    /// <summary>Makes a repository with one commit of these files; answers its address.</summary>
    public string Repository(string name, params (string Name, string Content)[] files)
    {
        string tree = TreeOf(name);
        Directory.CreateDirectory(tree);
        Git(tree, "init", "-q", "-b", "main", ".");
        Commit(name, files);
        return $"git://127.0.0.1:{_port}/{name}/.git";
    }

    /// <summary>Commits these files; answers the commit's id.</summary>
    public string Commit(string name, params (string Name, string Content)[] files)
    {
        string tree = TreeOf(name);
        foreach ((string file, string content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, file))!);
            File.WriteAllText(Path.Combine(tree, file), content);
        }

        Git(tree, "add", "-A");
        Git(tree, "commit", "-q", "--allow-empty", "-m", "a commit");
        return Git(tree, "rev-parse", "HEAD").Trim();
    }

    /// <summary>Runs git in the repository; answers what it prints.</summary>
    public string In(string name, params string[] arguments) => Git(TreeOf(name), arguments);

    public string TreeOf(string name) => Path.Combine(_folder, name);

    public void Dispose()
    {
        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _daemon.Dispose();
    }

    /// <summary>Runs git with an author and times that do not change.</summary>
    public static string Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.git.allow=always", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = "1600000000 +0000";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using Process git = Process.Start(start)!;
        string text = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {git.ExitCode}");
        return text;
    }

    private void Await()
    {
        for (long start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException) when (!_daemon.HasExited && Stopwatch.GetElapsedTime(start) < Patience)
            {
                Thread.Yield();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
