// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;
using Tare.Runtime.Specs;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;
using Process = Tare.Oci.Runtime.Process;

namespace Tare.Engine.Containers;

/// <summary>Runs one more process in a container that runs; its keeper becomes the parent.</summary>
/// <remarks>
/// The process gets what the container's first one has: namespaces, cgroups, capabilities, seccomp filter, limits,
/// environment. All is decided here; the keeper only carries out.
/// </remarks>
internal sealed class ContainerExec(TareEngine engine, ContainerRow row, ExecRequest request)
{
    /// <summary>docker's exit code for a relative working directory.</summary>
    private const int BadDirectory = 128;

    /// <summary>How long the processes of a container may take to end once its first one has begun to.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of the first process may come after that of another.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly ContainerRecord _record = ContainerJson.ReadRecord(row);
    private readonly List<Fd> _given = [];
    private uint _owner;
    private uint _firstUser;

    /// <summary>Runs it until it has ended or the user has detached.</summary>
    /// <param name="streams">the user's side; null: in the background, returns when it runs</param>
    /// <exception cref="TareException">Conflict: the container does not run or is paused; else why it could not be started</exception>
    public RunResult Run(SessionStreams? streams)
    {
        if (request.WorkingDirectory is { } directory && !directory.StartsWith('/'))
        {
            return new(BadDirectory, $"exec in container {row.Name}: the working directory '{directory}' is no absolute path");
        }

        using KeeperSession session = Connect(out int pid);
        using Pidfd main = Pidfd.TryOpen(pid) ?? throw LiveContainer.NotRunning(row);
        try
        {
            if (Start(session, main, pid, streams) is { } error)
            {
                return WhyGone(main, pid) is { } gone ? throw gone : new(error.ExitCode, error.Message, error.Hint);
            }
        }
        catch (LinuxException)
        {
            // it may have ended while we looked into it
            if (WhyGone(main, pid) is { } gone)
            {
                throw gone;
            }

            throw;
        }

        if (streams is null)
        {
            session.Detach();
            return new(0);
        }

        SessionEnd end = session.Pump(streams);
        return end.Detached ? RunResult.Left
            : end.Exit is { } exit ? new(exit.Status.ShellCode)
            : new(LaunchError.EngineFailed, $"container {row.Name}: its keeper was killed, so nobody knows how the command ended");
    }

    /// <summary>Null when the container's first process lives on, so that a failure has another reason.</summary>
    private TareException? WhyGone(Pidfd main, int pid)
    {
        // cgroup.kill may have reached the exec'ed process a moment before the first one
        PollEntry[] end = [new(main.Fd, EpollEvents.Readable)];
        bool isExiting = !Poll.Wait(end, Moment) && ProcessStatus.TryRead(pid) is not { IsExiting: false };
        if (Poll.Wait(end, isExiting ? EndPatience : TimeSpan.Zero))
        {
            return LiveContainer.NotRunning(row);
        }

        return isExiting
            ? new TareException(ErrorKind.Conflict, $"container {row.Name} is ending, and a process in it does not end", $"tare top {row.Name}")
            : null;
    }

    private LaunchError? Start(KeeperSession session, Pidfd main, int pid, SessionStreams? streams)
    {
        using FileRoot view = FileRoot.From(HostPath.Open($"/proc/{pid}/root", OpenFlags.Path | OpenFlags.Directory));
        using Fd? multiplexer = request.Tty ? OpenMultiplexer(view) : null;
        try
        {
            LaunchPlan plan = Plan(view, main);
            ProcessOrder order = Order(plan, streams);
            return session.Exec(ExecId.Create(), order, multiplexer, _given, streams).Failure is { } failure
                ? Explain(plan, failure)
                : null;
        }
        finally
        {
            _given.ForEach(fd => fd.Dispose());
        }
    }

    private KeeperSession Connect(out int pid)
    {
        ContainerStatus status = StatusReader.Read(engine, row);
        if (status.Kind == ContainerStatusKind.Paused)
        {
            throw new TareException(
                ErrorKind.Conflict,
                $"container {row.Name} is paused, unpause the container before exec",
                $"tare unpause {row.Name}");
        }

        KeeperSession session = LiveContainer.Connect(engine, row);
        _firstUser = (status.IsLive ? status : StatusReader.Read(engine, row)).FirstUser;
        pid = session.Greeting!.Value.Pid;
        return session;
    }

    private ProcessOrder Order(LaunchPlan plan, SessionStreams? streams) => new()
    {
        Program = LaunchProgram.Read(plan.ToProgram()),
        Terminal = request.Tty,
        TerminalSize = streams?.Terminal is { } terminal ? TerminalMode.Size(terminal) : null,
        OpenInput = request.Interactive,
        InputOnce = true,
        StreamOwner = _owner,
        AttachStarter = streams is not null,
        EndsWithOutput = true,
    };

    private LaunchPlan Plan(FileRoot view, Pidfd main)
    {
        Spec spec = SpecOf(view);
        _owner = _firstUser + (spec.Process!.User?.Uid ?? 0);
        CgroupHost host = CgroupHost.Detect();
        List<Fd> joins = ContainerCgroup.Of(engine, row.Id, host).OpenForJoin();
        PlanHost facts = PlanFacts.Look(spec with { Mounts = null }, host, joins.Count, new HashSet<int>(), false, view);
        LaunchPlan plan = LaunchPlan.CompileExec(spec, facts);
        foreach (GivenFd given in plan.Given.Skip(StandardGiven.First))
        {
            _given.Add(given.Kind switch
            {
                GivenKind.Cgroup => joins[given.Index],
                GivenKind.Container => main.Fd.Duplicate(),
                _ => throw new TareException(ErrorKind.Internal, $"exec is not given a {given.Kind}"),
            });
        }

        return plan;
    }

    /// <summary>The container's spec, with the new process in place of its own.</summary>
    private Spec SpecOf(FileRoot view)
    {
        RunRequest asked = _record.Request ?? new RunRequest { Image = row.Image };

        // what the image said is in the record too, and to open the image store for it would cost a millisecond
        var config = new RunConfig
        {
            Env = _record.Config.Env,
            User = _record.Config.User,
            WorkingDir = _record.Config.WorkingDir,
        };
        ContainerOptions options = RequestedOptions.Of(asked, row.Id, [], []) with
        {
            Entrypoint = [],
            Command = request.Command,
            Users = _firstUser == 0 ? null : new UserRange(_firstUser),
        };
        HostFacts host = HostInspection.Look(withDevices: false);
        Accounts accounts = ImageAccounts.Read(view);
        Spec container = ContainerSpec.Build(config, options, accounts, host);
        Process process = ContainerSpec.Build(config, ExecOptions(options), accounts, host).Process!;
        return container with { Process = process, Mounts = null, Hostname = null };
    }

    private ContainerOptions ExecOptions(ContainerOptions options) => options with
    {
        Env = [.. options.Env, .. request.Environment],
        WorkingDir = request.WorkingDirectory ?? options.WorkingDir,
        User = request.User ?? options.User,
        Tty = request.Tty,
        Privileged = options.Privileged || request.Privileged,
    };

    private Fd OpenMultiplexer(FileRoot view) => Pty.TryOpenMultiplexer(view) ?? throw new TareException(
        ErrorKind.FailedPrecondition, $"container {row.Name}: it has no terminals at /dev/pts", "leave out -t");

    private LaunchError Explain(LaunchPlan plan, KeeperFailure failure)
    {
        if (failure.Step < 0)
        {
            return new(LaunchError.EngineFailed, ErrorKind.Internal, $"exec in container {row.Name}: {failure.Text}");
        }

        LaunchError error = plan.Explain(new LaunchFailure(failure.Error, failure.Step, failure.Call));

        // docker's code for any working directory that cannot be entered, where run has two
        bool isDirectory = plan.Steps[failure.Step] is EnterDirectory;
        return isDirectory ? error with { ExitCode = LaunchError.NotFound } : error;
    }
}
