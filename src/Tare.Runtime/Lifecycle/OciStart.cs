// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Lifecycle;

/// <summary>Lets a created container execute its program.</summary>
/// <remarks>runtime-spec v1.3 runtime.md#start</remarks>
internal static class OciStart
{
    /// <summary>Returns when the program is executed.</summary>
    /// <param name="container">opened to change it</param>
    /// <returns>what went wrong without consequence: hooks after the start</returns>
    /// <exception cref="TareException">FailedPrecondition: it does not wait to be started; else why it cannot be executed</exception>
    public static IReadOnlyList<string> Start(OciContainer container)
    {
        OciStatus status = container.Status();
        if (status != OciStatus.Created)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                status == OciStatus.Stopped
                    ? $"cannot start a container that has stopped: {container.Record.Id}"
                    : $"cannot start an already running container: {container.Record.Id}");
        }

        using (Fd gate = container.Folder.TryOpenGate()
            ?? throw new TareException(ErrorKind.FailedPrecondition, $"cannot start a container that has stopped: {container.Record.Id}"))
        {
            if (container.Record.HasLateHooks && container.Spec().Hooks?.StartContainer is { Count: > 0 } before)
            {
                StartHooks.Run(container, before);
            }

            gate.Write("s"u8);

            // the process closes its end by executing its program, or by dying
            Poll.Wait([new PollEntry(gate, EpollEvents.Error)]);
        }

        Check(container);
        container.Folder.RemoveGate();
        return container.Record.HasLateHooks && container.Spec().Hooks?.Poststart is { Count: > 0 } after
            ? [.. OciHooks.RunAll(after, "poststart", () => container.State(container.Status()))]
            : [];
    }

    private static void Check(OciContainer container)
    {
        LaunchReport report = container.Folder.TryReadReport() ?? default;
        if (report is { Error: 0, ReachedExec: 1 })
        {
            return;
        }

        int late = report.Step - container.Record.Gate;
        IReadOnlyList<string> steps = container.Record.LateSteps;
        if (report.Error == 0 || late < 0 || late >= steps.Count)
        {
            throw new TareException(ErrorKind.Internal, $"container {container.Record.Id}: its process was killed before it started");
        }

        var error = (Errno)report.Error;
        throw late == steps.Count - 1
            ? LaunchError.OfProgram(container.Spec().Process!.Args![0], error).ToException()
            : new TareException(ErrorKind.FailedPrecondition, $"{steps[late]}: {error.Explain()}");
    }
}
