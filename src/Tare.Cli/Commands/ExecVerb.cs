// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Requests;
using Tare.Engine;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare exec</c>.</summary>
internal static class ExecVerb
{
    /// <summary>docker's exit code after the detach keys.</summary>
    private const int Left = 1;

    private static readonly Flag<bool> Detach = Flag.Switch("-d, --detach", "Detached mode: run command in the background");
    private static readonly Flag<bool> Interactive =
        Flag.Switch("-i, --interactive", "Keep STDIN open even if not attached");
    private static readonly Flag<bool> Tty = Flag.Switch("-t, --tty", "Allocate a pseudo-TTY");
    private static readonly Flag<IReadOnlyList<string>> Env =
        Flag.ListOf("-e, --env", "list", "Set environment variables", KeyValues.Variable);
    private static readonly Flag<IReadOnlyList<string>> EnvFile = new(
        "--env-file", "list", "Read in a file of environment variables", static (before, text) => [.. before!, text], [])
    {
        Completes = Candidates.Files,
    };

    private static readonly Flag<string?> User =
        Flag.Text("-u, --user", "string", "Username or UID (format: <name|uid>[:<group|gid>])");
    private static readonly Flag<string?> Workdir =
        Flag.Text("-w, --workdir", "string", "Working directory inside the container");
    private static readonly Flag<bool> Privileged = Flag.Switch("--privileged", "Give extended privileges to the command");

    public static Verb Create() =>
        new("Execute a command in a running container", "[OPTIONS] CONTAINER COMMAND [ARG...]", Act)
        {
            Flags = [Detach, StreamFlags.DetachKeys, Env, EnvFile, Interactive, Privileged, Tty, User, Workdir],
            MinOperands = 2,
            StopsAtOperand = true,
            Completes = Candidates.Containers,
            Examples =
            [
                ("tare exec -it web sh", "a shell beside what runs there"),
                ("tare exec -u 0 -w / web ls -l", "as root, in another folder"),
                ("tare exec -d web sh -c 'sleep 60; touch /done'", "in the background"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ContainerRow row = EachContainer.Find(engine, arguments.Operands[0]);
        ExecRequest request = ToRequest(arguments);
        var exec = new ContainerExec(engine, row, request);
        if (arguments.Get(Detach))
        {
            // docker's code for a command that could not be started in the background
            return RunVerb.Print(session, exec.Run(null)) == 0 ? 0 : 1;
        }

        using var streams = UserStreams.Open(
            request.Interactive, output: true, error: true, request.Tty, arguments.Get(StreamFlags.DetachKeys), sigProxy: false);
        return AttachVerb.PrintLeaving(session, exec.Run(streams.Session), Left);
    }

    private static ExecRequest ToRequest(ParsedArguments arguments) => new()
    {
        Command = [.. arguments.Operands.Skip(1)],
        Interactive = arguments.Get(Interactive),
        Tty = arguments.Get(Tty),
        Environment =
        [
            .. arguments.Get(EnvFile).SelectMany(path => KeyValues.ReadFile(path, KeyValues.Variable)),
            .. arguments.Get(Env),
        ],
        User = NullIfEmpty(arguments.Get(User)),
        WorkingDirectory = NullIfEmpty(arguments.Get(Workdir)),
        Privileged = arguments.Get(Privileged),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
