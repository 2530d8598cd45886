// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class ExecVerb
{
    private const int FailureCode = 255;

    private static readonly Flag<string?> ConsoleSocket = Flag.File("--console-socket", "A unix socket that gets the master of the process's terminal");
    private static readonly Flag<string?> Cwd = Flag.Text("--cwd", "path", "Working directory inside the container");
    private static readonly Flag<IReadOnlyList<string>> Env = Flag.List("-e, --env", "list", "Set a variable: NAME=value");
    private static readonly Flag<bool> Tty = Flag.Switch("-t, --tty", "Give the process a terminal of its own");
    private static readonly Flag<string?> User = Flag.Text("-u, --user", "uid[:gid]", "Numbers of user and group");
    private static readonly Flag<IReadOnlyList<string>> Gids = Flag.List("-g, --additional-gids", "list", "Numbers of further groups");
    private static readonly Flag<string?> ProcessFile = Flag.File("-p, --process", "A file with the whole process, as in a spec");
    private static readonly Flag<bool> Detach = Flag.Switch("-d, --detach", "Return when the program is executed");
    private static readonly Flag<string?> PidFile = Flag.File("--pid-file", "Write the process's number to this file");
    private static readonly Flag<bool> NoNewPrivileges = Flag.Switch("--no-new-privs", "The process can never gain rights");
    private static readonly Flag<IReadOnlyList<string>> Capabilities = Flag.List("-c, --cap", "list", "Add a capability to all sets");
    private static readonly Flag<long?> PreserveFds = LaunchFlags.PreserveFds;
    private static readonly Flag<bool> IgnorePaused = Flag.Switch("--ignore-paused", "Start it in a paused container too; it runs when that goes on");

    public static OciVerb Create() => new(
        "Start one more process in a container that runs", "[OPTIONS] CONTAINER COMMAND [ARG...]", Act)
    {
        Flags =
        [
            ConsoleSocket, Cwd, Env, Tty, User, Gids, ProcessFile, Detach, PidFile, NoNewPrivileges, Capabilities, PreserveFds, IgnorePaused,
        ],
        MinOperands = 1,
        MaxOperands = int.MaxValue,
        StopsAtOperand = true,
        FailureCode = FailureCode,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: false);
        CheckRuns(container, call.Get(IgnorePaused));
        Process process = ProcessOf(call, container);
        OciAttachment.Check(process, call.Get(ConsoleSocket), call.Get(Detach));
        using var exec = new OciExec(container, process, (int)(call.Get(PreserveFds) ?? 0));
        exec.Start();
        if (call.Get(ConsoleSocket) is { } socket)
        {
            exec.Streams!.SendTo(socket);
        }

        if (call.Get(PidFile) is { } path)
        {
            Tare.Runtime.Lifecycle.PidFile.Write(path, exec.Process!.Pid);
        }

        return call.Get(Detach) ? 0
            : OciAttachment.Wait(exec.Process!, call.Get(ConsoleSocket) is null ? exec.Streams!.Terminal : null);
    }

    private static void CheckRuns(OciContainer container, bool ignorePaused)
    {
        string? refusal = container.Status() switch
        {
            OciStatus.Stopped or OciStatus.Creating => $"cannot exec in a stopped container: {container.Record.Id}",
            OciStatus.Paused when !ignorePaused => $"cannot exec in a paused container: {container.Record.Id} (use --ignore-paused to override)",
            _ => null,
        };
        if (refusal is not null)
        {
            throw new TareException(ErrorKind.FailedPrecondition, refusal);
        }
    }

    private static Process ProcessOf(OciCall call, OciContainer container)
    {
        if (call.Get(ProcessFile) is { } path)
        {
            return ProcessDocument.Read(path);
        }

        if (call.Operands.Count < 2)
        {
            throw new UsageException("exec: process args cannot be empty", FailureCode);
        }

        Process own = container.Spec().Process!;
        return new ProcessChange
        {
            Args = [.. call.Operands.Skip(1)],
            Cwd = call.Get(Cwd),
            Env = call.Get(Env),
            Terminal = call.Get(Tty),
            User = call.Get(User),
            Gids = call.Get(Gids),
            Capabilities = call.Get(Capabilities),
            NoNewPrivileges = call.Get(NoNewPrivileges),
        }.Of(own);
    }
}
