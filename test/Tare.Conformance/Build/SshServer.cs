// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tare.Conformance.Build;

/// <summary>OpenSSH's server on loopback, for the user that runs the tests, with keys of its own.</summary>
public sealed class SshServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Process _server;

    /// <param name="folder">gets keys and settings</param>
    public SshServer(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        HostKey = Key("host");
        File.WriteAllText(Path.Combine(folder, "authorized"), "");
        File.WriteAllText(
            Path.Combine(folder, "config"),
            $"ListenAddress 127.0.0.1\nPort {Port}\nHostKey {HostKey}\nAuthorizedKeysFile {folder}/authorized\nPidFile none\nUsePAM no\n" +
            "StrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\nLogLevel FATAL\n");

        // its folder in /run is made by the service that is not used here: so it gets a /run of its own
        _server = Process.Start(new ProcessStartInfo(
            "unshare", ["-m", "sh", "-ec", "mount -t tmpfs none /run; mkdir /run/sshd; exec /usr/sbin/sshd -D -e -f \"$0\"", folder + "/config"])
        {
            RedirectStandardInput = true,
        })!;
        Await();
    }

    public int Port { get; }

    /// <summary>Path of its private key.</summary>
    public string HostKey { get; }

    /// <summary>The line of known_hosts for it.</summary>
    public string KnownHost => $"[127.0.0.1]:{Port} {File.ReadAllText(HostKey + ".pub")}";

    /// <summary>Makes a key that may enter, or with false one that may not; answers the path of its private half.</summary>
    public string Key(string name, bool mayEnter = false, params string[] flags)
    {
        string file = Path.Combine(_folder, name);
        Outcome.Of("ssh-keygen", ["-q", "-N", "", "-f", file, .. flags is [] ? ["-t", "ed25519"] : flags]);
        if (mayEnter)
        {
            File.AppendAllText(Path.Combine(_folder, "authorized"), File.ReadAllText(file + ".pub"));
        }

        return file;
    }

    public void Dispose()
    {
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
    }

    private void Await()
    {
        for (long start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_server.HasExited && Stopwatch.GetElapsedTime(start) < Patience)
            {
                Thread.Yield();
            }
        }
    }
}
