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
    private readonly SeccompListener? _listener;
    private readonly int _preservedFds;

    /// <param name="container">lent</param>
    /// <param name="process">complete</param>
    /// <param name="preservedFds">descriptors above the standard ones that it inherits</param>
    public OciExec(OciContainer container, Process process, int preservedFds)
    {
        (_container, _preservedFds) = (container, preservedFds);
        _spec = JoinedUsers.Complete(container.Spec(), container.Record.Pid) with { Process = process, Mounts = null, Hostname = null, Hooks = null };
        _listener = SeccompListener.Of(_spec);
    }

    /// <summary>What the caller has to do, once, while the process is being set up; null: nothing.</summary>
    public Action? Meanwhile { get; init; }

    /// <summary>The process that was launched; null before.</summary>
    public Launched? Process { get; private set; }

    /// <summary>Path of the program where that is not the first argument; null: that is searched for.</summary>
    public string? Program { get; init; }

    /// <summary>Lent: what the process has instead of this process's streams; null: those.</summary>
    public (Fd Input, Fd Output)? Redirected { get; init; }

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
        using Handshake? handshake = _listener is null ? null : new();
        Fd[] given = [.. plan.Given.Skip(StandardGiven.First).Select(each => each.Kind switch
        {
            GivenKind.Cgroup => joins[each.Index],
            GivenKind.Tell => handshake!.Tell.Duplicate(),
            GivenKind.Go => handshake!.Go.Duplicate(),
            GivenKind.GoEnd => handshake!.GoEnd,
            _ => init.Fd.Duplicate(),
        })];
        try
        {
            Streams = Redirected is { } own ? OciStreams.Of(own.Input, own.Output) : OciStreams.For(_spec, plan, multiplexer);
            using Fd? unified = cgroup.BirthPlace(_container.Record.Pid) is { } place ? HostPath.OpenDirectory(place) : null;
            Process = Launcher.Start(
                LaunchProgram.Read(plan.ToProgram()), CloneFlags.None, [.. Streams.Given, .. given], unified, init.Fd);
            handshake?.Begin();
        }
        finally
        {
            Array.ForEach(given, static fd => fd.Dispose());
        }

        Meanwhile?.Invoke();
        if (handshake is not null)
        {
            SendListener(handshake);
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

    /// <summary>Each process has a filter of its own, and so its own notifications.</summary>
    private void SendListener(Handshake handshake)
    {
        if (!handshake.WaitTold())
        {
            return;
        }

        try
        {
            if (_listener!.Send(Process!, _container.State(_container.Status())))
            {
                handshake.LetGo();
            }
        }
        catch
        {
            Process!.Pidfd.TrySend(Signals.Kill);
            Process.Pidfd.Wait();
            throw;
        }
    }

    private LaunchPlan Plan(int joins, FileRoot view)
    {
        PlanHost facts = PlanFacts.Look(_spec, CgroupHost.Detect(), joins, new HashSet<int>(), init: false, view);
        return LaunchPlan.CompileExec(_spec, facts with
        {
            PreservedFds = _preservedFds,
            TakesNearestLimit = false,
            Program = Program,
            HandsGoEnd = true,
        });
    }

    private Fd OpenMultiplexer(FileRoot view) => Pty.TryOpenMultiplexer(view) ?? throw new TareException(
        ErrorKind.FailedPrecondition, $"container {_container.Record.Id}: it has no terminals at /dev/pts", "leave out --tty");

    private TareException NotRunning() =>
        new(ErrorKind.FailedPrecondition, $"cannot exec in a stopped container: {_container.Record.Id}");
}
