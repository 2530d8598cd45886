// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Oci;

/// <summary>A daemon of Debian's that has the program for its runtime, as <c>eng/engines</c> unpacked it.</summary>
/// <remarks>
/// It lives in namespaces of its own (processes, mounts, with an empty /run), so that whatever it started goes with it, and the
/// host sees nothing of it but cgroups. TARE_ENGINES names another folder with such programs.
/// </remarks>
public abstract class EngineGround : IDisposable
{
    private static readonly string Programs =
        Environment.GetEnvironmentVariable("TARE_ENGINES") ?? $"{TareBinary.Repository}/out/engines";

    private readonly Lock _starting = new();
    private Process? _daemon;
    private int _count;
    private int _first;

    protected EngineGround()
    {
        TareBinary.CopyTo($"{Folder}/tare");
        File.CreateSymbolicLink($"{Folder}/runc", $"{Folder}/tare");
        File.CreateSymbolicLink($"{Folder}/tare-oci", $"{Folder}/tare");
    }

    /// <summary>A folder that is gone afterwards.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tare-engine-").FullName;

    /// <summary>What the cgroups of these containers are below; a name that nobody else has.</summary>
    public string CgroupParent => Path.GetFileName(Folder);

    /// <summary>Begins a test: leaves it out where there are no such programs.</summary>
    public void Begin()
    {
        Assert.True(File.Exists($"{Programs}/usr/bin/ctr"), "no containerd and dockerd in out/engines: eng/engines fetches them");
        lock (_starting)
        {
            if (_daemon is null)
            {
                WriteArchive();
                Start();
            }
        }
    }

    /// <summary>Runs a program beside the daemon to its end.</summary>
    public Outcome Run(string program, params string[] args) => Within(["nsenter", "-t", $"{_first}", "-m", "-p", program, .. args]);

    /// <summary>A limit of a container, as the kernel has it.</summary>
    /// <param name="id">what its cgroup is named</param>
    /// <param name="v1">the file's name</param>
    /// <param name="v2">the file's name where there is v2 alone</param>
    public string Limit(string id, string v1, string v2)
    {
        string file = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? v2 : v1;
        return File.ReadAllText(CgroupFolders().Select(folder => $"{folder}/{id}/{file}").First(File.Exists)).Trim();
    }

    /// <summary>Folders of cgroups that are still there, for this daemon.</summary>
    public string[] CgroupFolders() =>
    [
        .. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(folder => $"{folder}/{CgroupParent}").Where(Directory.Exists),
    ];

    /// <summary>Waits until something is so; not for ever.</summary>
    public static void Await(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 600, "it did not become so");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        if (_daemon is not null)
        {
            // the first process of a pid namespace takes all others with it
            _daemon.Kill();
            _daemon.WaitForExit();
            _daemon.Dispose();
            Await(() => CgroupFolders().All(folder =>
                Directory.GetFiles(folder, "cgroup.procs", SearchOption.AllDirectories).All(file => File.ReadAllText(file).Length == 0)));
        }

        foreach (string folder in CgroupFolders())
        {
            Remove(folder);
        }

        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The command of the daemon.</summary>
    protected abstract string[] Daemon();

    /// <summary>It answers.</summary>
    protected abstract bool IsThere();

    private void Start()
    {
        string[] space = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];

        // dockerd writes a key into /etc, its containerd makes folders in /opt
        string script = "mount -t tmpfs tmpfs /run || exit; for f in etc opt; do mkdir -p /run/$f /run/$f.work; "
            + "mount -t overlay -o lowerdir=/$f,upperdir=/run/$f,workdir=/run/$f.work overlay /$f || exit; done; "
            + $"exec \"$@\" >{Folder}/log 2>&1 </dev/null";
        _daemon = Process.Start(Prepare("unshare", [.. space, "sh", "-c", script, "sh", .. Daemon()]))!;
        string children = $"/proc/{_daemon.Id}/task/{_daemon.Id}/children";
        Await(() => int.TryParse(File.ReadAllText(children).Trim(), out _first));
        Await(() => _daemon.HasExited ? throw new InvalidOperationException(File.ReadAllText($"{Folder}/log")) : IsThere());
    }

    private void WriteArchive()
    {
        using var tare = new TareBinary();
        File.WriteAllBytes($"{Folder}/busybox.tar", BusyboxTar.Bytes);
        tare.Succeed("import", "--change", "ENV PATH=/bin:/usr/bin", "--change", "CMD [\"sh\"]", $"{Folder}/busybox.tar", "busybox:latest");
        tare.Succeed("save", "-o", $"{Folder}/image.tar", "busybox:latest");
    }

    /// <summary>Whoever is left behind keeps its streams, so they are files.</summary>
    private Outcome Within(string[] command)
    {
        string name = $"{Folder}/streams-{Interlocked.Increment(ref _count)}";
        using Process process = Process.Start(Prepare(
            "timeout", ["-s", "KILL", "120", "sh", "-c", $"exec \"$@\" >{name}.out 2>{name}.err </dev/null", "sh", .. command]))!;
        process.WaitForExit();
        return new(process.ExitCode, File.ReadAllBytes($"{name}.out"), File.ReadAllText($"{name}.err"));
    }

    private static ProcessStartInfo Prepare(string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args);
        start.Environment["PATH"] = $"{Programs}/usr/bin:{Programs}/usr/sbin:{Environment.GetEnvironmentVariable("PATH")}";
        return start;
    }

    private static void Remove(string cgroup)
    {
        foreach (string below in Directory.GetDirectories(cgroup))
        {
            Remove(below);
        }

        Directory.Delete(cgroup);
    }
}
