// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>A bundle of busybox and a runtime's root of its own; what is left in it is removed by force.</summary>
/// <remarks>TARE_OCI names another runtime with the same command line, for a look at how that one does.</remarks>
public sealed class OciGround : IDisposable
{
    private static readonly string? Reference = Environment.GetEnvironmentVariable("TARE_OCI");

    private readonly TareBinary _program;
    private int _count;

    public OciGround()
        : this(Reference ?? TareBinary.Path)
    {
    }

    /// <param name="program">another copy of it</param>
    internal OciGround(string program)
    {
        _program = new() { Program = program };
        Directory.CreateDirectory($"{Bundle}/rootfs");
        File.WriteAllBytes($"{Folder}/busybox.tar", BusyboxTar.Bytes);
        Process.Start("tar", ["-xf", $"{Folder}/busybox.tar", "-C", $"{Bundle}/rootfs"]).WaitForExit();
        Assert.Equal(0, Run("spec", "--bundle", Bundle).ExitCode);
    }

    public string Bundle => $"{_program.Folder}/bundle";

    public string Root => $"{_program.Folder}/oci";

    public string Folder => _program.Folder;

    /// <summary>One of this name for each test, so that they do not meet.</summary>
    public string NewId() => $"test-{Path.GetFileName(Folder)[^8..]}-{Interlocked.Increment(ref _count)}";

    /// <summary>Writes the bundle's config: runc's default, a shell script as the process, and a change.</summary>
    public void Configure(string script, Action<JsonNode>? change = null)
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText($"{Bundle}/config.json"))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray("sh", "-c", script);
        config["root"]!["readonly"] = false;
        change?.Invoke(config);
        File.WriteAllText($"{Bundle}/config.json", config.ToJsonString());
    }

    public Outcome Run(params string[] args) => _program.Run(Words(args));

    /// <summary>For what leaves a process behind: it has the streams of the runtime, and would hold a pipe open.</summary>
    public Outcome RunToFiles(params string[] args) => RunUnder([], args);

    /// <summary>As <see cref="RunToFiles"/>, started by another program.</summary>
    public Outcome RunUnder(string[] starter, string[] args)
    {
        string name = $"{Folder}/streams-{Interlocked.Increment(ref _count)}";
        var start = new ProcessStartInfo(
            "sh", ["-c", $"exec \"$@\" >{name}.out 2>{name}.err </dev/null", "sh", .. starter, _program.Program, .. Words(args)]);
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return new(process.ExitCode, File.ReadAllBytes($"{name}.out"), File.ReadAllText($"{name}.err"));
    }

    /// <summary>As <see cref="RunToFiles"/>; a failure is the test's.</summary>
    public void Leave(params string[] args)
    {
        Outcome outcome = RunToFiles(args);
        Assert.True(outcome.ExitCode == 0, $"oci {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
    }

    public Outcome RunOnTerminal(params string[] args) => _program.RunOnTerminal(20, 70, Words(args));

    public Conversation Start(params string[] args) => _program.Start(_program.Program, Words(args));

    /// <summary>A failure is the test's.</summary>
    public string Succeed(params string[] args) => _program.Succeed(Words(args));

    public JsonNode State(string id) => JsonNode.Parse(Succeed("state", id))!;

    public string Status(string id) => (string)State(id)["status"]!;

    /// <summary>Waits until a container is so; not for ever.</summary>
    public void WaitFor(string id, string status)
    {
        for (int i = 0; Status(id) != status; i++)
        {
            Assert.True(i < 500, $"{id} is {Status(id)}");
            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            foreach (string folder in Directory.GetDirectories(Root))
            {
                Run("delete", "--force", Path.GetFileName(folder));
            }
        }

        for (int i = 0; Directory.Exists(Folder); i++)
        {
            try
            {
                _program.Dispose();
            }
            catch (IOException) when (i < 100)
            {
                // a tracer or a process that was killed a moment ago still writes here
                Thread.Sleep(50);
            }
        }
    }

    private string[] Words(string[] args) =>
        Reference is null ? ["oci", "--root", Root, .. args] : ["--root", Root, .. args];
}
