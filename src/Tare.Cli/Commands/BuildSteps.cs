// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;
using Tare.Engine;
using Tare.Engine.Building;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary>Hands the processes of a build to the engine: neither room knows the other.</summary>
internal static class BuildSteps
{
    /// <summary>Each process has an engine of its own, as one belongs to one thread.</summary>
    public static RunProcess With(Session session, string? cgroupParent) => (process, output, keep, left, ct) =>
    {
        using TareEngine engine = session.OpenEngineAsItIs();
        RunResult result = new StepRun(engine, ToRequest(process, cgroupParent)).Run(output, keep, left, ct);
        return new StepEnd(result.ExitCode, result.Message, result.Hint);
    };

    /// <summary>A step that failed, on the user's terminal, until its shell ends.</summary>
    public static void Enter(Session session, StepProcess process, string? cgroupParent)
    {
        using TareEngine engine = session.OpenEngineAsItIs();
        using UserStreams streams = UserStreams.Open(input: true, output: true, error: true, tty: true, keys: [], sigProxy: false);
        RunResult result = new StepRun(engine, ToRequest(process, cgroupParent)).Enter(streams.Session);
        if (result.Message is not null)
        {
            Failure.Print(session, result.Message, result.Hint);
        }
    }

    private static StepRequest ToRequest(StepProcess process, string? cgroupParent) => new(process.Layers, process.Arguments)
    {
        Environment = process.Environment,
        Folder = process.Folder,
        User = process.User,
        Mounts = [.. process.Mounts.Select(ToMount)],
        Network = process.Network,
        Privileged = process.IsPrivileged,
        ExtraHosts = process.ExtraHosts,
        ShmSize = process.ShmSize,
        CgroupParent = cgroupParent,
        Ulimits = [.. process.Limits.Select(static limit => new UlimitRequest(limit.Name, limit.Soft, limit.Hard))],
    };

    private static MountRequest ToMount(StepMount mount) => mount.View is { } view
        ? new MountRequest(MountKind.Bind, null, mount.Target)
        {
            ReadOnly = mount.IsReadOnly,
            NonRecursive = true,
            View = new StageView(view.Layers, mount.Source ?? "/"),
        }
        : mount.Source is null
        ? new MountRequest(MountKind.Tmpfs, null, mount.Target) { TmpfsSize = mount.Size > 0 ? mount.Size : null }
        : new MountRequest(MountKind.Bind, mount.Source, mount.Target) { ReadOnly = mount.IsReadOnly, NonRecursive = true };
}
