// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Tare.Conformance.Wall;

/// <summary>A container that has the engine run itself inside and then writes to its program.</summary>
[Trait("ring", "kernel")]
public sealed class OverwriteWall : IDisposable
{
    private const int Engines = 1;
    private const int Changed = 2;

    // a copy, as an attack that succeeds would change what all tests run
    private readonly TareBinary _tare = new() { Program = CopyOfProgram() };

    public void Dispose()
    {
        _tare.Run("rm", "-f", "target");
        _tare.Dispose();
        Directory.Delete(Path.GetDirectoryName(_tare.Program)!, recursive: true);
    }

    [Fact]
    public void CVE_2019_5736_The_engines_program_is_not_written_through_proc_exe()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's programs stand elsewhere");
        Assert.Equal(0, _tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes).ExitCode);
        string before = Look();
        string tools = Tools();
        var counters = new Counters(tools);

        // the engine's own libraries, so that it runs when it is asked for as /proc/self/exe
        string[] libraries = ["-v", "/lib64:/lib64:ro", "-v", "/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu:ro"];
        _tare.Succeed(
            ["run", "-d", "--name", "target", "-v", $"{tools}:/tools", .. libraries, "busybox", "/tools/overwrite", "/tools/count", "/bin/busybox"]);
        Subject.Await(() => _tare.Run("logs", "target").Text.Contains("watching", StringComparison.Ordinal));

        for (int i = 0; i < 100; i++)
        {
            // the file of the launch itself, which does nothing without its starter
            Outcome ran = _tare.Run("exec", "target", "/tools/self");
            Assert.Equal((127, "", ""), (ran.ExitCode, ran.Text, ran.Error));
        }

        Assert.Equal(before, Look());
        Assert.Equal((0ul, 0ul), (counters[Engines], counters[Changed]));
    }

    private static string CopyOfProgram()
    {
        string folder = Directory.CreateDirectory(Path.Combine("/var/tmp", $"tare-conformance-{Guid.NewGuid():N}")).FullName;
        string copy = Path.Combine(folder, "tare");
        TareBinary.CopyTo(copy);
        return copy;
    }

    private string Tools()
    {
        string tools = Ground.HostFolder(Path.Combine(_tare.Folder, "tools"));
        Tool.Make("overwrite", tools);
        File.WriteAllText($"{tools}/self", "#!/proc/self/exe\n");
        File.SetUnixFileMode($"{tools}/self", (UnixFileMode)0b111_101_101);
        return tools;
    }

    private string Look() => string.Join(
        ' ', Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_tare.Program))), File.GetLastWriteTimeUtc(_tare.Program).Ticks,
        File.GetUnixFileMode(_tare.Program));
}
