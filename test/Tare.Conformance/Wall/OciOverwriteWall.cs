// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tare.Conformance.Oci;

namespace Tare.Conformance.Wall;

/// <summary>As <see cref="OverwriteWall"/>, by way of <c>tare oci exec</c>, where no keeper stands between.</summary>
[Trait("ring", "kernel")]
public sealed class OciOverwriteWall : IDisposable
{
    private const int Engines = 1;
    private const int Changed = 2;

    private readonly string _folder = Directory.CreateDirectory(Path.Combine("/var/tmp", $"tare-conformance-{Guid.NewGuid():N}")).FullName;
    private readonly OciGround _ground;

    public OciOverwriteWall()
    {
        // a copy, as an attack that succeeds would change what all tests run
        TareBinary.CopyTo(Program);
        _ground = new OciGround(Program);
    }

    private string Program => $"{_folder}/tare";

    public void Dispose()
    {
        // what an attack that succeeded left is no program
        TareBinary.CopyTo(Program);
        _ground.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void CVE_2019_5736_The_runtimes_program_is_not_written_through_proc_exe()
    {
        string tools = $"{_ground.Bundle}/rootfs/tools";
        Directory.CreateDirectory(tools);
        Tool.Make("overwrite", tools);
        File.WriteAllText($"{tools}/self", "#!/proc/self/exe\n");
        File.SetUnixFileMode($"{tools}/self", (UnixFileMode)0b111_101_101);
        var counters = new Counters(tools);
        string before = Look();
        string id = _ground.NewId();
        _ground.Configure("exec /tools/overwrite /tools/count /bin/busybox > /tools/said", config =>
        {
            foreach ((string source, string target) in new[] { ("/lib64", "/lib64"), ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu") })
            {
                config["mounts"]!.AsArray().Add(JsonNode.Parse($$"""{"type": "bind", "source": "{{source}}", "destination": "{{target}}", "options": ["bind", "ro"]}"""));
            }
        });
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, id);
        Subject.Await(() => File.Exists($"{tools}/said") && File.ReadAllText($"{tools}/said").Contains("watching", StringComparison.Ordinal));

        for (int i = 0; i < 100; i++)
        {
            // the file of the launch itself, which does nothing without its starter
            Assert.Equal((127, "", ""), Said(_ground.Run("exec", id, "/tools/self")));
        }

        Assert.Equal(before, Look());
        Assert.Equal((0ul, 0ul), (counters[Engines], counters[Changed]));
    }

    private static (int Code, string Text, string Error) Said(Outcome outcome) => (outcome.ExitCode, outcome.Text, outcome.Error);

    private string Look() => string.Join(
        ' ', Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Program))), File.GetLastWriteTimeUtc(Program).Ticks, File.GetUnixFileMode(Program));
}
