// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare run</c>.</summary>
internal static class RunVerb
{
    /// <summary>docker's exit code when the engine, not the container, failed.</summary>
    private const int EngineFailed = 125;

    public static Verb Create() => new("Create and run a new container from an image", "[OPTIONS] IMAGE [COMMAND] [ARG...]", Act)
    {
        Flags = RunFlags.All,
        MinOperands = 1,
        StopsAtOperand = true,
        Completes = Candidates.Images,
        FailureCode = EngineFailed,
        Examples =
        [
            ("tare run --rm busybox echo hello", "run one command and forget the container"),
            ("tare run -it --rm debian:bookworm-slim", "a shell in a fresh Debian"),
            ("tare run --name web -v /srv:/srv:ro busybox ls /srv", "with a folder of the host, read-only"),
            ("tare run --rm -m 64m --cpus 0.5 --pids-limit 20 busybox sh", "with limits"),
            ("tare run --rm -u 1000:1000 --cap-drop ALL --read-only busybox id", "with as few rights as possible"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RunRequest request = RunFlags.ToRequest(arguments);
        if (arguments.Get(RunFlags.Detach))
        {
            throw new TareException(ErrorKind.NotSupported, "run: --detach is not available yet", "leave it out and use the shell's &");
        }

        throw new TareException(ErrorKind.NotSupported, $"run {request.Image}: running containers is not available yet");
    }
}
