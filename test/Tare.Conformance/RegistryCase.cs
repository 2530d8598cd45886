// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>A binary that serves registries, and the clients that people have.</summary>
public abstract class RegistryCase : IDisposable
{
    private readonly List<Conversation> _servers = [];

    private protected TareBinary Tare { get; } = new();

    private protected string Storage => Path.Combine(Tare.Folder, "registry");

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        Tare.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An image that tare made, as skopeo names it.</summary>
    private protected string Layout()
    {
        string file = Path.Combine(Tare.Folder, $"app-{Guid.NewGuid():N}.tar");
        Assert.Equal(0, Tare.Run(["import", "-", "app:v1"], BusyboxTar.Bytes).ExitCode);
        Tare.Succeed("save", "-o", file, "app:v1");
        return $"docker-archive:{file}";
    }

    private protected (Conversation Server, string Address) Serve(params string[] flags) => ServeAs(["--storage", Storage, .. flags]);

    /// <summary>With a storage of the caller's.</summary>
    private protected (Conversation Server, string Address) ServeAs(params string[] flags)
    {
        Conversation server = Tare.Start(TareBinary.Path, ["registry", "serve", "--addr", "127.0.0.1:0", .. flags]);
        _servers.Add(server);
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        return (server, server.Said[from..].Trim());
    }

    private protected static string Skopeo(params string[] args) => Succeed("skopeo", args).Trim();

    private protected static string Succeed(string program, params string[] args)
    {
        Outcome outcome = Run(program, args);
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
        return outcome.Text;
    }

    private protected static Outcome Run(string program, params string[] args)
    {
        ProcessStartInfo start = new(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, System.Text.Encoding.UTF8.GetBytes(output), error.GetAwaiter().GetResult());
    }
}
