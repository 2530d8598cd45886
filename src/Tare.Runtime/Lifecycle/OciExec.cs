// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Runtime.Lifecycle;

/// <summary>Starts one more process in a container that runs; this process is its parent.</summary>
internal sealed class OciExec : IDisposable
{
    private readonly OciContainer _container;
    private readonly Spec _spec;
    private readonly int _preservedFds;

    /// <param name="container">lent</param>
    /// <param name="process">complete</param>
    /// <param name="preservedFds">descriptors above the standard ones that it inherits</param>
    public OciExec(OciContainer container, Process process, int preservedFds)
    {
        (_container, _preservedFds) = (container, preservedFds);
        _spec = container.Spec() with { Process = process, Mounts = null, Hostname = null, Hooks = null };
    }

    /// <summary>The process that was launched; null before.</summary>
    public Launched? Process { get; private set; }

    /// <summary>The terminal of the process, or its streams.</summary>
    public OciStreams? Streams { get; private set; }

    /// <summary>Returns when the program is executed.</summary>
    /// <exception cref="TareException">FailedPrecondition: the container does not run; else why it could not be started</exception>
    public void Start()
    {
        using Pidfd init = _container.Init.TryOpen() ?? throw NotRunning();
        using FileRoot view = FileRoot.From(
            HostPath.Open(FormattableString.Invariant($"/proc/{_container.Record.Pid}/root"), OpenFlags.Path | OpenFlags.Directory));
        using Fd? multiplexer = _spec.Process!.Terminal ? OpenMultiplexer(view) : null;
        Cgroup cgroup = _container.Cgroup;
        List<Fd> joins = cgroup.OpenForJoin();
        LaunchPlan plan = Plan(joins.Count, view);
        Fd[] given = [.. plan.Given.Skip(StandardGiven.First).Select(
            each => each.Kind == GivenKind.Cgroup ? joins[each.Index] : init.Fd.Duplicate())];
        try
        {
            Streams = OciStreams.For(_spec, plan, multiplexer);
            using Fd? unified = cgroup.BirthPlace(_container.Record.Pid) is { } place ? HostPath.OpenDirectory(place) : null;
            Process = Launcher.Start(
                LaunchProgram.Read(plan.ToProgram()), CloneFlags.None, [.. Streams.Given, .. given], unified, init.Fd);
        }
        finally
        {
            Array.ForEach(given, static fd => fd.Dispose());
        }

        if (Process.Complete() is { } failure)
        {
            throw plan.Explain(failure).ToException();
        }
    }

    public void Dispose()
    {
        Process?.Dispose();
        Streams?.Dispose();
    }

    private LaunchPlan Plan(int joins, FileRoot view)
    {
        PlanHost facts = PlanFacts.Look(_spec, CgroupHost.Detect(), joins, new HashSet<int>(), init: false, view);
        return LaunchPlan.CompileExec(_spec, facts with { PreservedFds = _preservedFds, TakesNearestLimit = false });
    }

    private Fd OpenMultiplexer(FileRoot view) => Pty.TryOpenMultiplexer(view) ?? throw new TareException(
        ErrorKind.FailedPrecondition, $"container {_container.Record.Id}: it has no terminals at /dev/pts", "leave out --tty");

    private TareException NotRunning() =>
        new(ErrorKind.FailedPrecondition, $"cannot exec in a stopped container: {_container.Record.Id}");
}
