// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tare.Conformance;

/// <summary>Debian's docker-registry on a loopback port of its own, with a folder that is gone afterwards.</summary>
public sealed class DockerRegistry : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-registry-").FullName;
    private readonly Process _process;

    public DockerRegistry()
    {
        int port = FreePort();
        Name = $"127.0.0.1:{port}";
        string config = Path.Combine(_folder, "config.yml");
        File.WriteAllText(
            config,
            $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {_folder}/data
            http:
              addr: "{Name}"
            """);
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Subject.Await(() => Answers(port), () => $"docker-registry never listened at {Name}");
    }

    /// <summary>As in the names of images.</summary>
    public string Name { get; }

    /// <summary>skopeo, which has to succeed; answers what it printed.</summary>
    public static string Skopeo(params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo("skopeo", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"skopeo {string.Join(' ', args)}: {error.GetAwaiter().GetResult()}");
        return output;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
