// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Engine.Containers;

/// <summary>Makes a container, runs it through a keeper in the foreground, and records or removes what is left of it.</summary>
/// <remarks>
/// From <see cref="ContainerMaker.Make"/> to <see cref="KeeperSession.WaitStarted"/> a failure takes everything back.
/// From then on the keeper answers for the container: should this process die, the keeper has <c>tare</c> settle it.
/// </remarks>
internal sealed class ContainerRun(TareEngine engine, RunRequest request)
{
    /// <summary>Runs until the container has ended or the user has detached.</summary>
    /// <param name="streams">the user's side; a null stream is not connected</param>
    /// <exception cref="TareException">the container could not be made; nothing of it is left</exception>
    public RunResult Run(SessionStreams streams)
    {
        // born now, on another CPU, while this one makes the container
        using NewKeeper keeper = KeeperClient.Begin();
        Recovery.FinishOperations(engine);
        using Fd? cidFile = CreateCidFile();
        using MadeContainer made = new ContainerMaker(engine, request).Make();
        cidFile?.Write(Encoding.ASCII.GetBytes(made.Row.Id.Text));
        using Fd live = engine.Folders.OpenLive(made.Row.Id.Text);
        using KeeperSession session = keeper.Start(Order(made, streams), live, made.Given);
        KeeperStart start = session.WaitStarted(streams);
        made.CloseGiven();
        if (start.Failure is { } failure)
        {
            return NeverRan(made, failure);
        }

        made.Undo.Keep();
        DateTimeOffset startedAt = engine.Clock.GetUtcNow();
        SessionEnd end = session.Pump(streams);
        return end.Detached ? new(0) : Ended(made, session, end.Exit, startedAt);
    }

    private KeeperOrder Order(MadeContainer made, SessionStreams streams) => new()
    {
        Program = LaunchProgram.Read(made.Plan.ToProgram()),
        Namespaces = made.Plan.Namespaces,
        Terminal = request.Tty,
        TerminalSize = streams.Terminal is { } terminal ? TerminalMode.Size(terminal) : null,
        OpenInput = request.Interactive,
        StreamOwner = made.Spec.Process?.User?.Uid ?? 0,
        AttachStarter = true,
        StarterCleansUp = true,
        Cgroups = made.Cgroup.Paths,
        BornInFirstCgroup = made.Cgroup.HasUnified,
        CleanUp =
        [
            "tare", "--root", engine.Folders.Root, "--run", engine.Folders.Run, "container", "settle", made.Row.Id.Text,
        ],
    };

    private RunResult NeverRan(MadeContainer made, KeeperFailure failure)
    {
        LaunchError error = failure.Step < 0
            ? new(LaunchError.EngineFailed, ErrorKind.Internal, $"container {made.Row.Id.Short}: {failure.Text}")
            : made.Plan.Explain(new LaunchFailure(failure.Error, failure.Step, failure.Call));
        if (!request.AutoRemove)
        {
            made.Cgroup.Remove(TimeSpan.FromSeconds(1));
            made.Undo.Keep();
            DateTimeOffset now = engine.Clock.GetUtcNow();
            var outcome = new ContainerOutcome(error.ExitCode, null, now, false, error.Message);
            engine.Containers.Settle(made.Row.Id, ContainerJson.Write(outcome), durable: true);
        }

        return new(error.ExitCode, error.Message, error.Hint);
    }

    private RunResult Ended(MadeContainer made, KeeperSession session, ExitReport? exit, DateTimeOffset startedAt)
    {
        if (exit is null)
        {
            // the keeper was killed, and its container runs on in cgroups that nobody else will empty
            session.WaitGone();
            Removal.RemoveCgroups(engine, made.Row.Id);
            Removal.Settle(engine, made.Row, null, startedAt);
        }
        else
        {
            // while the keeper removes cgroups and mounts; its record is written, and nobody looks at the files any more
            Removal.Settle(engine, made.Row, exit, startedAt);
            session.WaitGone();
        }

        return exit is { } report
            ? new(report.Status.ShellCode)
            : new(
                LaunchError.EngineFailed,
                $"container {made.Row.Id.Short}: its keeper was killed, so nobody knows how it ended");
    }

    private Fd? CreateCidFile()
    {
        if (request.CidFile is not { } path)
        {
            return null;
        }

        try
        {
            return HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0b110_100_100);
        }
        catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
        {
            throw new TareException(
                ErrorKind.AlreadyExists,
                $"container ID file found, make sure the other container isn't running or delete {path}");
        }
    }
}
