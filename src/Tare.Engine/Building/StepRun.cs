// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Runtime.Planning;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Building;

/// <summary>Runs a build's RUN as a container that nobody sees afterwards, by the launch plan of <c>tare run</c>.</summary>
/// <remarks>
/// Its operation is held from beginning to end: nobody settles or removes it meanwhile, and when this process dies the
/// next command ends and removes it (<see cref="Settlement"/>).
/// </remarks>
internal sealed class StepRun(TareEngine engine, StepRequest request)
{
    /// <summary>The host name of every step: nothing of an image may depend on which one it was.</summary>
    private const string Hostname = "buildkitsandbox";

    /// <param name="output">gets what the process writes; lent</param>
    /// <param name="keep">after exit code 0: told the folder that holds <c>upper</c>, which nobody has mounted any more</param>
    /// <param name="left">after any other exit code: told the same folder; null: what is in it goes</param>
    /// <param name="ct">ends the process</param>
    /// <returns>how it ended; 125 to 127 with a message when it never ran</returns>
    /// <exception cref="TareException">the container could not be made</exception>
    public RunResult Run(Fd output, Action<Fd> keep, Action<Fd>? left, CancellationToken ct)
    {
        RunRequest run = Complete(ToRequest());
        StoredImage image = BuiltLayers.ImageOf(request.Layers, HostInspection.Platform);
        using NewKeeper keeper = KeeperClient.Begin(engine.Folders.Run);
        using CreatedContainer created = new ContainerCreation(engine, run, isStep: true).Create(image, engine.Clock.GetUtcNow());
        var stubs = MountStubs.Find(created.Rootfs, created.Spec);
        RunResult result = Run(created, keeper, new SessionStreams { Output = output, Error = output, ForwardSignals = false }, ct);
        ct.ThrowIfCancellationRequested();
        if (result is { ExitCode: 0, Message: null })
        {
            stubs.Remove(created.Rootfs, created.Users.Map);
            created.LetGo();
            using Fd folder = engine.Folders.OpenContainer(created.Row.Id.Text);
            using FileRoot below = FileRoot.From(engine.Images.Snapshots.View(image));
            stubs.RemoveTraces(folder, below);
            keep(folder);
        }
        else if (left is not null && result.Message is null)
        {
            created.LetGo();
            using Fd folder = engine.Folders.OpenContainer(created.Row.Id.Text);
            left(folder);
        }

        return result;
    }

    /// <summary>Runs it on the user's terminal; what it writes is nobody's.</summary>
    /// <param name="streams">with a terminal</param>
    /// <returns>how it ended</returns>
    public RunResult Enter(SessionStreams streams)
    {
        RunRequest run = Complete(ToRequest() with { Tty = true, Interactive = true, AttachStdin = true });
        StoredImage image = BuiltLayers.ImageOf(request.Layers, HostInspection.Platform);
        using NewKeeper keeper = KeeperClient.Begin(engine.Folders.Run);
        using CreatedContainer created = new ContainerCreation(engine, run, isStep: true).Create(image, engine.Clock.GetUtcNow());
        return Run(created, keeper, streams, CancellationToken.None);
    }

    private RunResult Run(CreatedContainer created, NewKeeper keeper, SessionStreams streams, CancellationToken ct)
    {
        KeeperSession session;
        try
        {
            session = new ContainerLaunch(engine, created).Start(keeper, streams, cleansUp: true);
        }
        catch (LaunchException failure)
        {
            return new(failure.ExitCode, failure.Message, failure.Hint);
        }

        using (session)
        {
            SessionEnd end;
            using (ct.Register(() => Kill(created.Row.Id)))
            {
                end = session.Pump(streams);
            }

            if (end.Exit is null)
            {
                Kill(created.Row.Id);
            }

            if (!session.WaitGone() || end.Exit is null)
            {
                ContainerCgroup.Remove(engine, created.Row.Id);
            }

            return end.Exit is { } exit
                ? new(exit.Status.ShellCode)
                : new(LaunchError.EngineFailed, Settlement.NobodySaw);
        }
    }

    private void Kill(ContainerId id)
    {
        Cgroup cgroup = ContainerCgroup.Of(engine, id);
        if (cgroup.HasProcesses())
        {
            cgroup.Kill();
        }
    }

    /// <summary>As with docker, the parent of a build's cgroups is always one from the root.</summary>
    private RunRequest Complete(RunRequest asked)
    {
        RunRequest run = engine.Configuration.Complete(asked);
        return string.IsNullOrEmpty(run.CgroupParent) ? run : run with { CgroupParent = $"/{run.CgroupParent}" };
    }

    private RunRequest ToRequest() => new()
    {
        Image = "build-step",
        Entrypoint = request.Arguments[0],
        Command = [.. request.Arguments.Skip(1)],
        AttachStdout = true,
        AttachStderr = true,
        AutoRemove = true,

        // docker's builder does not tell the process its host name
        Environment = ["HOSTNAME", .. request.Environment],
        WorkingDirectory = request.Folder,
        User = request.User,
        Hostname = Hostname,
        Mounts = StageViews.Name(request.Mounts),
        Network = request.Network,
        Privileged = request.Privileged,
        ExtraHosts = request.ExtraHosts,
        ShmSize = request.ShmSize,
        Ulimits = request.Ulimits,
        CgroupParent = request.CgroupParent,
        LogDriver = "none",
        Init = false,
    };
}
