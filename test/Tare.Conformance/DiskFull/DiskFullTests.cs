// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography;
using Tare.Conformance.PowerCut;

namespace Tare.Conformance.DiskFull;

/// <summary>
/// The disk of a store or of a registry is full after one page more and one page more, until there is enough: each time the
/// command says so, nothing changed, what only reads works, and once there is room the same command succeeds.
/// </summary>
[Trait("ring", "kernel")]
public sealed class DiskFullTests : IDisposable
{
    private const int Sparse = 9;
    private readonly TareBinary _tare = new();
    private readonly SmallDisk _disk;
    private readonly string _archive;

    public DiskFullTests()
    {
        _disk = new SmallDisk(_tare.Folder);
        _archive = Path.Combine(_tare.Folder, "app.tar");
        File.WriteAllBytes(_archive, SampleImages.DockerArchive(
            "app:1", ("a", "text"), ("noise", Convert.ToBase64String(RandomNumberGenerator.GetBytes(60_000)))));
    }

    /// <summary>The store on the small disk.</summary>
    private string[] Small => ["--root", $"{_disk.Mounted}/root", "--run", $"{_tare.Folder}/run-small"];

    public void Dispose()
    {
        _tare.Run([.. Small, "system", "check", "--repair", "--quick"]);
        _disk.Dispose();
        _tare.Dispose();
    }

    public static TheoryData<string> Cases => ["load", "import", "tag", "pull", "save", "push", "push to store", "build"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_full_disk_is_said_and_changes_nothing(string verb) => Sweep(verb, isSample: true);

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("ring", "prove")]
    public void A_disk_that_is_full_at_any_page_is_said_and_changes_nothing(string verb) => Sweep(verb, isSample: false);

    [Fact]
    public void Prune_works_without_a_byte_free()
    {
        _tare.Succeed([.. Small, "load", "-q", "-i", _archive]);
        _tare.Succeed([.. Small, "rmi", "app:1"]);
        long empty = _disk.Used();
        _tare.Succeed([.. Small, "load", "-q", "-i", _archive]);
        _disk.Leave(0);
        Assert.Throws<IOException>(() => File.WriteAllBytes($"{_disk.Mounted}/more", new byte[SmallDisk.Page]));
        File.Delete($"{_disk.Mounted}/more");

        Outcome prune = _tare.Run([.. Small, "image", "prune", "-a", "-f"]);

        Assert.True(prune.ExitCode == 0, prune.Error);
        Assert.Equal("", _tare.Succeed([.. Small, "images", "-q"]));
        Assert.True(_disk.Used() < empty + 200_000, $"{_disk.Used()} bytes are used, {empty} without an image");
        Assert.StartsWith("clean: ", _tare.Succeed([.. Small, "system", "check"]), StringComparison.Ordinal);
    }

    private void Sweep(string verb, bool isSample)
    {
        using Server server = new();
        FullCase subject = Prepare(verb, server);
        long need = Need(subject);
        long step = isSample ? Math.Max(SmallDisk.Page, need / Sparse / SmallDisk.Page * SmallDisk.Page) : SmallDisk.Page;
        int failures = 0;
        List<string> wrong = [];
        for (long free = 0; free <= need + step && wrong.Count < 20; free += step)
        {
            failures += Strike(subject, free, wrong) ? 0 : 1;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(failures > 0, "there was always room");
    }

    /// <summary>Bytes that it takes; at the end everything is as it was.</summary>
    private long Need(FullCase subject)
    {
        _disk.MakeRoom();
        long before = _disk.Used();
        _tare.Succeed(subject.Verb);
        long need = _disk.Used() - before;
        Undo(subject);
        return Math.Max(need, 8 * SmallDisk.Page);
    }

    private bool Strike(FullCase subject, long free, List<string> wrong)
    {
        string before = subject.State();
        _disk.Leave(free);
        Outcome outcome = _tare.Run(subject.Verb);
        string after = subject.State();
        _disk.MakeRoom();
        if (outcome.ExitCode != 0)
        {
            bool isClear = outcome.Error.Contains(subject.Says, StringComparison.OrdinalIgnoreCase)
                && outcome.Error.Split('\n').Count(line => line.StartsWith("tare: ", StringComparison.Ordinal)) == 1
                && !outcome.Error.Contains("internal error", StringComparison.Ordinal);
            Require(isClear, $"exit code {outcome.ExitCode}: {outcome.Error}");
            Require(before == after, $"before:\n{before}\nafter:\n{after}");
            Outcome again = _tare.Run(subject.Verb);
            Require(again.ExitCode == 0, $"not even with room: {again.Error}");
        }

        Undo(subject);
        Outcome check = _tare.Run([.. Small, "system", "check"]);
        Require(check.ExitCode == 0, $"check: {check.Text}{check.Error}");
        return outcome.ExitCode == 0;

        void Require(bool condition, string what)
        {
            if (!condition)
            {
                wrong.Add($"{free} bytes free: {what}");
            }
        }
    }

    private void Undo(FullCase subject)
    {
        foreach (string[] command in subject.Undo)
        {
            _tare.Succeed(command);
        }
    }

    private FullCase Prepare(string verb, Server server)
    {
        // room that a store keeps back is not what the verb needs
        _tare.Succeed([.. Small, "load", "-i", _archive]);
        _tare.Succeed([.. Small, "rmi", "app:1"]);
        switch (verb)
        {
            case "load":
                return new([.. Small, "load", "-i", _archive]) { Undo = [[.. Small, "rmi", "app:1"]], State = StoreState };
            case "import":
                return new([.. Small, "import", _archive, "app:1"]) { Undo = [[.. Small, "rmi", "app:1"]], State = StoreState };
            case "tag":
                _tare.Succeed([.. Small, "load", "-i", _archive]);
                return new([.. Small, "tag", "app:1", "other:1"]) { Undo = [[.. Small, "rmi", "other:1"]], State = StoreState };
            case "save":
                _tare.Succeed([.. Small, "load", "-i", _archive]);
                string file = $"{_disk.Mounted}/saved.tar";
                return new([.. Small, "save", "-o", file, "app:1"]) { Undo = [["import", file, "saved:1"], ["rmi", "saved:1"]], State = () => $"{File.Exists(file)} {StoreState()}" };
            case "build":
                Outcome ground = _tare.Run([.. Small, "import", "-", "busybox"], BusyboxTar.Bytes);
                Assert.True(ground.ExitCode == 0, ground.Error);
                return new([.. Small, "build", "-q", "--network", "none", "-t", "built:1", BuildContext()])
                {
                    Undo = [[.. Small, "rmi", "built:1"], [.. Small, "builder", "prune", "-f"]],
                    State = Images,
                };
            case "pull":
                string pulled = PushTo(server.Start("--storage", $"{_tare.Folder}/registry"), isPushed: true);
                return new([.. Small, "pull", pulled]) { Undo = [[.. Small, "rmi", pulled]], State = StoreState };
            case "push":
                string address = server.Start("--storage", $"{_disk.Mounted}/registry", "--gc-grace", "1");
                return new("push", PushTo(address, isPushed: false)) { Undo = [], State = () => Tags(address), Says = "disk is full" };
            default:
                string served = server.Start([.. Small, "--store"]);
                string name = PushTo(served, isPushed: false);
                return new("push", name) { Undo = [[.. Small, "rmi", name]], State = Images, Says = "disk is full" };
        }
    }

    /// <summary>A context for every kind of step.</summary>
    private string BuildContext()
    {
        string context = Directory.CreateDirectory(Path.Combine(_tare.Folder, "context")).FullName;
        File.WriteAllBytes(Path.Combine(context, "noise"), RandomNumberGenerator.GetBytes(40_000));
        File.WriteAllText(
            Path.Combine(context, "Dockerfile"),
            """
            FROM busybox
            WORKDIR /w
            COPY noise /w/
            RUN --mount=type=cache,target=/cache cp noise /cache/ && cp noise other
            """);
        return context;
    }

    private string PushTo(string address, bool isPushed)
    {
        string name = $"{address}/app:1";
        _tare.Succeed("load", "-q", "-i", _archive);
        _tare.Succeed("tag", "app:1", name);
        if (isPushed)
        {
            _tare.Succeed("push", "-q", name);
        }

        return name;
    }

    private static string Tags(string address) =>
        string.Join('\n', CrashStores.Tags(address).GetAwaiter().GetResult().Select(tag => $"{tag.Key} {tag.Value}"));

    /// <summary>What the store has, as its own command and its folders say.</summary>
    private string StoreState() => Images()
        + string.Join('\n', new[] { "blobs", "layers" }
            .SelectMany(folder => Directory.GetFileSystemEntries($"{_disk.Mounted}/root/{folder}", "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal));

    private string Images() => _tare.Succeed([.. Small, "images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"]);

    private sealed class Server : IDisposable
    {
        private Conversation? _process;

        /// <summary>Its address.</summary>
        public string Start(params string[] flags)
        {
            // flags of the program before the verb
            string[] words = flags is ["--root", var root, "--run", var run, .. var rest]
                ? ["--root", root, "--run", run, "registry", "serve", "--addr", "127.0.0.1:0", .. rest]
                : ["registry", "serve", "--addr", "127.0.0.1:0", .. flags];
            ProcessStartInfo start = new(TareBinary.Path, words)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            _process = new Conversation(start, TimeSpan.FromMinutes(30));
            int from = _process.Expect("://", _process.Expect(" at http"));
            _process.Expect("\n", from);
            return _process.Said[from..].Trim();
        }

        public void Dispose() => _process?.Dispose();
    }
}
