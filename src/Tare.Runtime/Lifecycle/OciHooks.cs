// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Programs that are run around a container's life, each with the container's state on its input.</summary>
/// <remarks>runtime-spec v1.3 config.md#posix-platform-hooks</remarks>
internal static class OciHooks
{
    private const int MaxShown = 64 << 10;

    /// <summary>Runs them in order; the first that fails ends it.</summary>
    /// <param name="hooks">null: none</param>
    /// <param name="name">of the list, as the spec calls it</param>
    /// <param name="state">of the container now</param>
    /// <param name="start">where they run; null: where this process does</param>
    /// <exception cref="TareException">FailedPrecondition: one failed, with what it said</exception>
    public static void Run(IReadOnlyList<Hook>? hooks, string name, Func<State> state, HookStart? start = null)
    {
        for (int i = 0; i < hooks?.Count; i++)
        {
            if (TryRun(hooks[i], state(), start ?? StartHere) is { } reason)
            {
                throw new TareException(ErrorKind.FailedPrecondition, $"hooks.{name}[{i}] {hooks[i].Path}: {reason}");
            }
        }
    }

    /// <summary>Runs all of them; what fails is told and does not matter.</summary>
    public static IEnumerable<string> RunAll(IReadOnlyList<Hook>? hooks, string name, Func<State> state)
    {
        for (int i = 0; i < hooks?.Count; i++)
        {
            if (TryRun(hooks[i], state(), StartHere) is { } reason)
            {
                yield return $"hooks.{name}[{i}] {hooks[i].Path}: {reason}";
            }
        }
    }

    /// <summary>Null on success.</summary>
    private static string? TryRun(Hook hook, State state, HookStart start)
    {
        try
        {
            using Fd input = MemoryFile.Sealed("state"u8, JsonSerializer.SerializeToUtf8Bytes(state, RuntimeJson.Writer.State));
            using Fd begin = input.Reopen(OpenFlags.ReadOnly);
            using Fd output = MemoryFile.Create("output"u8);
            using Pidfd process = start(hook, begin, output);
            return Wait(process, hook.Timeout) is { } reason ? $"{reason}{Said(output)}" : null;
        }
        catch (Exception refused) when (refused is LinuxException or TareException)
        {
            return refused.Message;
        }
    }

    private static Pidfd StartHere(Hook hook, Fd input, Fd output)
    {
        using Fd program = HostPath.Open(hook.Path, OpenFlags.ReadOnly);
        return Spawn.Start(new SpawnOptions
        {
            Executable = program,
            Arguments = hook.Args is { Count: > 0 } args ? args : [hook.Path],
            Environment = hook.Env ?? [],
            Descriptors = [input, output, output],
        }).Pidfd;
    }

    private static string? Wait(Pidfd process, int? timeout)
    {
        TimeSpan? patience = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        if (!Poll.Wait([new PollEntry(process.Fd, EpollEvents.Readable)], patience))
        {
            process.TrySend(Signals.Kill);
            process.Wait();
            return string.Create(CultureInfo.InvariantCulture, $"did not end within {timeout} s");
        }

        ExitStatus status = process.Wait();
        return status.ShellCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"exit status {status.ShellCode}");
    }

    private static string Said(Fd output)
    {
        byte[] bytes = new byte[MaxShown];
        string text = Encoding.UTF8.GetString(bytes, 0, output.ReadAt(bytes, 0)).Trim();
        return text.Length == 0 ? "" : $": {text.ReplaceLineEndings(" ")}";
    }
}
