// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>Leaks planted by hand in a store of its own: <c>system check</c> names them, <c>--repair</c> removes them.</summary>
[Trait("ring", "kernel")]
public sealed partial class SystemCheckTests : IDisposable
{
    private readonly TareBinary _tare = new();
    private readonly List<Process> _started = [];

    public SystemCheckTests()
    {
        Outcome imported = _tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes);
        Assert.True(imported.ExitCode == 0, imported.Error);
        _tare.Succeed("run", "--rm", "busybox", "true");
    }

    private string StoreId => File.ReadAllText($"{_tare.Root}/id");

    private static string NewId => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + new string('0', 32);

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _tare.Dispose();
    }

    [Fact]
    public void After_a_run_all_is_clean()
    {
        Assert.Matches(@"^clean: 0 containers \(0 running\), 1 image, [0-9.]+MB on disk\n$", _tare.Succeed("system", "check"));
        Assert.Equal("clean: 0 containers (0 running), 1 image\n", _tare.Succeed("system", "check", "--quick"));
        _tare.Succeed("run", "--name", "ended", "busybox", "true");
        Assert.StartsWith("clean: 1 container (0 running), 1 image, ", _tare.Succeed("system", "check"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_runs_is_no_finding()
    {
        using Conversation run = _tare.Start(
            TareBinary.Path, "run", "--rm", "-v", "data:/data", "busybox", "sh", "-c",
            "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done");
        run.Expect("up");

        Outcome check = _tare.Run("system", "check", "--repair");
        run.Signal("TERM");

        Assert.Equal("", check.Error);
        Assert.StartsWith("clean: 1 container (1 running), 1 image, ", check.Text, StringComparison.Ordinal);
        Assert.Equal((0, 7), (check.ExitCode, run.End().ExitCode));
    }

    [Fact]
    public void Bytes_on_disk_are_the_same_before_and_after_a_container()
    {
        string before = Bytes();
        _tare.Succeed("run", "--rm", "-v", "/anonymous", "busybox", "sh", "-c", "dd if=/dev/zero of=/big bs=1M count=3 && echo x > /anonymous/x");

        Assert.Equal(before, Bytes());

        string Bytes()
        {
            using JsonDocument report = JsonDocument.Parse(_tare.Succeed("system", "check", "--format", "json"));
            Assert.Equal(0, report.RootElement.GetProperty("Findings").GetArrayLength());
            JsonElement bytes = report.RootElement.GetProperty("Bytes");
            return string.Join(' ', new[] { "blobs", "layers", "containers", "tmp", "run" }.Select(owner => bytes.GetProperty(owner).GetInt64()));
        }
    }

    [Fact]
    public void Files_that_nobody_owns_are_named_and_removed()
    {
        string container = NewId;
        string operation = NewId;
        Directory.CreateDirectory($"{_tare.Root}/containers/{container}/upper");
        Directory.CreateDirectory($"{_tare.Root}/containers/stray");
        File.WriteAllText($"{_tare.RunFolder}/ops/{operation}", "");
        File.WriteAllText($"{_tare.Root}/blobs/stray", "");
        File.WriteAllText($"{_tare.Root}/blobs/sha256/{new string('0', 64)}", "");
        Directory.CreateDirectory($"{_tare.Root}/layers/stray");
        File.WriteAllText($"{_tare.Root}/tmp/stray", "");

        AssertNamedAndRemoved(
            $"container  {container}: ", "containers/stray: ", $"operation  {operation}: ", "file  blobs/stray: ",
            $"blob  sha256:{new string('0', 64)}: ", "file  layers/stray: ", "scratch  tmp/stray: ");
        Assert.Equal("", _tare.Succeed("run", "--rm", "busybox", "true"));
    }

    [Fact]
    public void Cgroups_and_processes_that_nobody_owns_are_named_and_removed()
    {
        string leaf = NewId;
        string[] parents = [.. Directory.GetDirectories("/sys/fs/cgroup", $"tare-{StoreId}").Concat(
            Directory.GetDirectories("/sys/fs/cgroup").SelectMany(hierarchy => Directory.GetDirectories(hierarchy, $"tare-{StoreId}")))];
        Directory.CreateDirectory($"{parents[0]}/{leaf}");
        Process inside = Start("sleep", "60");
        File.WriteAllText($"{parents[0]}/{leaf}/cgroup.procs", inside.Id.ToString(CultureInfo.InvariantCulture));
        Process beside = Start("sleep", "60");

        // with cgroup v2 alone the kernel lets no process into a parent that hands controllers down
        string place = parents is [var only] ? $"{only}/{leaf}" : parents[^1];
        File.WriteAllText($"{place}/cgroup.procs", beside.Id.ToString(CultureInfo.InvariantCulture));

        AssertNamedAndRemoved($"cgroup  {leaf}: ", $"process  {inside.Id}: ", $"process  {beside.Id}: ");

        Assert.True(inside.WaitForExit(10_000) && beside.WaitForExit(10_000));
        Assert.All(parents, parent => Assert.False(Directory.Exists(parent)));
    }

    [Fact]
    public void A_mount_of_the_store_in_a_namespace_of_others_is_named_and_taken_off()
    {
        Process viewer = Start(
            "unshare", "-m", "--propagation", "private", "sh", "-ec", $"mount --bind {_tare.Root}/layers /mnt; echo ready; exec sleep 60");
        Assert.Equal("ready", viewer.StandardOutput.ReadLine());

        AssertNamedAndRemoved("mount  /mnt in mnt:[");

        Assert.DoesNotContain(_tare.Folder, File.ReadAllText($"/proc/{viewer.Id}/mountinfo"), StringComparison.Ordinal);
        Assert.False(viewer.HasExited);
    }

    [Fact]
    public void What_is_left_of_a_container_whose_process_left_its_cgroup_is_named_and_ended()
    {
        using Conversation run = _tare.Start(TareBinary.Path, "run", "--rm", "busybox", "sh", "-c", "echo up; sleep 60");
        run.Expect("up");
        Process escaped = Start("nsenter", "-t", InnerProcess(), "-m", "/bin/sh", "-c", "echo in; exec sleep 60");
        Assert.Equal("in", escaped.StandardOutput.ReadLine());
        Conversation.Signal("KILL", int.Parse(InnerProcess(), CultureInfo.InvariantCulture));
        Assert.Equal(137, run.End().ExitCode);

        AssertNamedAndRemoved("mount  mnt:[");

        Assert.True(escaped.WaitForExit(10_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_blob_is_named_with_its_image_and_healed_by_the_next_load(bool isTruncated)
    {
        string archive = $"{_tare.Folder}/busybox.tar";
        _tare.Succeed("save", "-o", archive, "busybox");
        FileInfo largest = new DirectoryInfo($"{_tare.Root}/blobs/sha256").GetFiles().MaxBy(static file => file.Length)!;
        Damage(largest.FullName, isTruncated);

        Assert.Equal(isTruncated ? 1 : 0, _tare.Run("system", "check", "--quick").ExitCode);
        Outcome found = _tare.Run("system", "check");
        Assert.Equal(1, found.ExitCode);
        Assert.StartsWith($"blob  sha256:{largest.Name}: it", found.Text, StringComparison.Ordinal);
        Assert.Contains("needed by busybox:latest\n    hint: ", found.Text, StringComparison.Ordinal);

        Outcome repaired = _tare.Run("system", "check", "--repair");
        Assert.Equal(2, repaired.ExitCode);
        Assert.StartsWith($"blob  sha256:{largest.Name}: it is not in the store; needed by busybox:latest\n", repaired.Text, StringComparison.Ordinal);
        Assert.Equal("", _tare.Succeed("run", "--rm", "busybox", "true"));
        _tare.Succeed("load", "-i", archive);
        Assert.StartsWith("clean: ", _tare.Succeed("system", "check"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_be_the_user_s_is_named_and_left()
    {
        File.WriteAllText($"{_tare.Root}/notes", "");

        Outcome repaired = _tare.Run("system", "check", "--repair");

        Assert.Equal(2, repaired.ExitCode);
        Assert.StartsWith($"file  {_tare.Root}/notes: tare does not know it\n", repaired.Text, StringComparison.Ordinal);
        Assert.True(File.Exists($"{_tare.Root}/notes"));
    }

    [Fact]
    public async Task A_check_beside_busy_processes_finds_nothing()
    {
        using var done = new CancellationTokenSource();
        string archive = $"{_tare.Folder}/busybox.tar";
        _tare.Succeed("save", "-o", archive, "busybox");
        Task[] busy =
        [
            .. Enumerable.Range(0, 2).Select(_ => Task.Run(
                () =>
                {
                    while (!done.IsCancellationRequested)
                    {
                        Outcome run = _tare.Run("run", "--rm", "-v", "/a", "busybox", "true");
                        Assert.True(run.ExitCode == 0, run.Error);
                    }
                },
                TestContext.Current.CancellationToken)),
            Task.Run(
                () =>
                {
                    while (!done.IsCancellationRequested)
                    {
                        _tare.Succeed("load", "-i", archive);
                        _tare.Succeed("tag", "busybox", "other");
                        _tare.Succeed("rmi", "other");
                    }
                },
                TestContext.Current.CancellationToken),
        ];

        Outcome[] checks = [.. Enumerable.Range(0, 12).Select(i => _tare.Run(i % 3 == 0 ? ["system", "check", "--repair"] : ["system", "check"]))];

        await done.CancelAsync();
        await Task.WhenAll(busy);
        Assert.All(checks, static check => Assert.True(check.ExitCode == 0, check.Text + check.Error));
    }

    [Fact]
    public void It_speaks_json_and_refuses_what_it_does_not_know()
    {
        File.WriteAllText($"{_tare.Root}/blobs/stray", "");

        Outcome found = _tare.Run("system", "check", "--quick", "--format", "json");
        using JsonDocument report = JsonDocument.Parse(found.Output);
        JsonElement finding = Assert.Single(report.RootElement.GetProperty("Findings").EnumerateArray());

        Assert.Equal(1, found.ExitCode);
        Assert.Equal(
            ("file", "blobs/stray", "it is not a blob", true),
            (finding.GetProperty("Kind").GetString(), finding.GetProperty("Subject").GetString(), finding.GetProperty("Text").GetString(),
                finding.GetProperty("Repairable").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("Bytes").ValueKind);
        Assert.Equal(1, report.RootElement.GetProperty("Images").GetInt32());
        Assert.Equal(1, _tare.Run("system", "check", "--format", "table").ExitCode);
        Assert.NotEqual(0, _tare.Run("system", "check", "extra").ExitCode);
    }

    /// <summary>Each is named, the exit code says so, a repair removes it, and then all is clean.</summary>
    private void AssertNamedAndRemoved(params string[] beginnings)
    {
        Outcome found = _tare.Run("system", "check");
        Assert.Equal(1, found.ExitCode);
        Assert.All(beginnings, beginning => Assert.Contains(beginning, found.Text, StringComparison.Ordinal));
        Assert.EndsWith($"{beginnings.Length} finding{(beginnings.Length == 1 ? "" : "s")}\n", found.Text, StringComparison.Ordinal);

        Outcome repaired = _tare.Run("system", "check", "--repair");
        Assert.True(repaired.ExitCode == 0, repaired.Text + repaired.Error);
        Assert.All(beginnings, beginning => Assert.Contains(beginning, repaired.Text, StringComparison.Ordinal));
        Assert.Equal(beginnings.Length, Removed().Count(repaired.Text));
        Assert.StartsWith("clean: ", _tare.Succeed("system", "check"), StringComparison.Ordinal);
    }

    /// <summary>The first process of the only container.</summary>
    private string InnerProcess() => Directory.GetDirectories("/sys/fs/cgroup", $"tare-{StoreId}", SearchOption.AllDirectories)
        .SelectMany(Directory.GetDirectories)
        .Select(leaf => File.ReadAllLines($"{leaf}/cgroup.procs").FirstOrDefault())
        .First(static process => process is not null)!;

    private Process Start(string program, params string[] args)
    {
        _started.Add(Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!);
        return _started[^1];
    }

    private static void Damage(string path, bool isTruncated)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, isTruncated ? bytes[..^1] : bytes);
    }

    [GeneratedRegex("^removed  ", RegexOptions.Multiline)]
    private static partial Regex Removed();
}
