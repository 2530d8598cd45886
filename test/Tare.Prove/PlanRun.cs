// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Starting;
using HostRoot = Tare.Linux.Files.Root;
using Mount = Tare.Oci.Runtime.Mount;
using Pipe = Tare.Linux.Files.Pipe;

namespace Tare.Prove;

/// <summary>A container of a spec, made by nobody but the plan and the launcher; its root is a tmpfs with busybox.</summary>
internal sealed class PlanRun : IDisposable
{
    private const string Busybox = "/bin/busybox";

    private static readonly string[] Applets =
        ["sh", "cat", "id", "stat", "ls", "readlink", "grep", "mkdir", "touch", "head", "hostname", "sleep", "mount"];

    private readonly Pipe _output = new();
    private readonly Launched _launched;

    /// <param name="spec">see <see cref="Spec"/></param>
    /// <param name="change">what else is known of the host</param>
    /// <param name="prepare">puts something into the root file system</param>
    /// <param name="cgroup">to be in</param>
    public PlanRun(
        Spec spec, Func<PlanHost, PlanHost>? change = null, Action<Fd>? prepare = null, Cgroup? cgroup = null)
    {
        Fd rootfs = RootFileSystem(spec.Linux?.UidMappings?[0].HostId ?? 0);
        prepare?.Invoke(rootfs);
        using var handshake = new Handshake();
        var given = new GivenDescriptors(spec, rootfs)
        {
            Handshake = handshake,
            CgroupDirectories = [.. cgroup?.Paths.Skip(cgroup.HasUnified ? 1 : 0) ?? []],
            Joins = cgroup?.OpenForJoin() ?? [],
        };
        using HostRoot view = HostRoot.From(rootfs.Duplicate());
        PlanHost host = PlanFacts.Look(spec, CgroupHost.Detect(), given.Joins.Count, given.FileBinds, init: false, view);
        Plan = LaunchPlan.Compile(spec, change?.Invoke(host) ?? host);
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        using Fd? inside = Plan.PidNamespace is { } path ? HostPath.Open(path, OpenFlags.ReadOnly) : null;
        Fd[] opened = [.. given.For(Plan)];
        _launched = Launcher.Start(
            LaunchProgram.Read(Plan.ToProgram()),
            Plan.Namespaces,
            [nothing, _output.Writer, _output.Writer, null, .. opened],
            inside: inside);
        Array.ForEach(opened, fd => fd.Dispose());
        handshake.Begin();
        _output.Writer.Dispose();
        Outside.Apply(Plan.Outside, _launched.Pid, handshake);
        if (_launched.Complete() is { } failure)
        {
            throw Plan.Explain(failure).ToException();
        }
    }

    public LaunchPlan Plan { get; }

    public int Pid => _launched.Pid;

    public Pidfd Pidfd => _launched.Pidfd;

    /// <summary>What a script in such a container writes, without the last line end.</summary>
    public static string Output(
        Spec spec, Func<PlanHost, PlanHost>? change = null, Action<Fd>? prepare = null, Cgroup? cgroup = null)
    {
        using var run = new PlanRun(spec, change, prepare, cgroup);
        string text = run.ReadAll();
        run._launched.Pidfd.Wait();
        return text;
    }

    /// <summary>One more process in it; what it writes.</summary>
    public string Exec(Spec spec)
    {
        using var output = new Pipe();
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        ulong bounding = Capabilities.BoundingSet();
        LaunchPlan plan = LaunchPlan.CompileExec(spec, new PlanHost { Bounding = bounding, Permitted = bounding });
        using Launched launched = Launcher.Start(
            LaunchProgram.Read(plan.ToProgram()),
            CloneFlags.None,
            [nothing, output.Writer, output.Writer, null, Pidfd.Fd],
            inside: Pidfd.Fd);
        output.Writer.Dispose();
        if (launched.Complete() is { } failure)
        {
            throw plan.Explain(failure).ToException();
        }

        string text = Encoding.UTF8.GetString(output.Reader.ReadAll(1 << 20)).TrimEnd('\n');
        launched.Pidfd.Wait();
        return text;
    }

    /// <summary>A script in a container with these namespaces and the usual mounts.</summary>
    public static Spec Spec(string script, params IReadOnlyList<Namespace> namespaces) => new(Oci.Runtime.Spec.CurrentVersion)
    {
        Process = Process(script),
        Root = new Oci.Runtime.Root("rootfs"),
        Mounts =
        [
            new("/proc") { Type = "proc" },
            new("/dev") { Type = "tmpfs", Options = ["nosuid", "mode=755"] },
            new(Busybox) { Type = "bind", Source = Busybox, Options = ["bind", "ro"] },
        ],
        Linux = new LinuxSpec { Namespaces = namespaces },
    };

    public static Process Process(string script) => new("/")
    {
        Args = ["sh", "-c", script],
        Env = ["PATH=/bin"],
        Capabilities = AllCapabilities(),
    };

    /// <summary>With one more mount.</summary>
    public static Spec With(Spec spec, params Mount[] mounts) => spec with { Mounts = [.. spec.Mounts!, .. mounts] };

    public static Namespace[] New(params NamespaceType[] types) => [.. types.Select(type => new Namespace(type))];

    public void Dispose()
    {
        if (_launched.Pidfd.TrySend(Signals.Kill))
        {
            try
            {
                _launched.Pidfd.Wait();
            }
            catch (LinuxException e) when (e.Errno == Errno.ECHILD)
            {
            }
        }

        _launched.Dispose();
        _output.Dispose();
    }

    private string ReadAll() => Encoding.UTF8.GetString(_output.Reader.ReadAll(1 << 20)).TrimEnd('\n');

    private static CapabilitySets AllCapabilities() => new()
    {
        Bounding = Capabilities.Names,
        Effective = Capabilities.Names,
        Permitted = Capabilities.Names,
    };

    private static Fd RootFileSystem(uint owner)
    {
        using FileSystemContext context = new("tmpfs");
        Fd mount = context.Create();
        using HostRoot root = HostRoot.From(mount.Duplicate());
        using Fd programs = root.MakeDirectories("bin"u8, 0x1ed, owner, owner);
        foreach (string applet in Applets)
        {
            programs.MakeSymlink(Encoding.UTF8.GetBytes(applet), "busybox"u8);
        }

        mount.SetOwner(owner, owner);
        return mount;
    }
}
