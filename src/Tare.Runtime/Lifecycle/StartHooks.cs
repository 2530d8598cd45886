// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Runs programs of a container's before its own, with the rights that its own will have.</summary>
/// <remarks>
/// runtime-spec v1.3 config.md#startcontainer-hooks. The container chooses what these programs are, so each is started
/// as <c>exec</c> starts one: same user, capabilities, limits, labels, filter and cgroup as the first process.
/// </remarks>
internal static class StartHooks
{
    /// <summary>Runs them in order; the first that fails ends the container.</summary>
    /// <exception cref="Tare.Oci.TareException">FailedPrecondition: one failed, with what it said</exception>
    public static void Run(OciContainer container, IReadOnlyList<Hook> hooks)
    {
        try
        {
            OciHooks.Run(
                hooks,
                "startContainer",
                () => container.State(OciStatus.Created) with { Pid = NamespacePid.Of(container.Record.Pid) },
                (hook, input, output) => Start(container, hook, input, output));
        }
        catch
        {
            OciDelete.End(container.Init);
            throw;
        }
    }

    private static Pidfd Start(OciContainer container, Hook hook, Fd input, Fd output)
    {
        Process own = container.Spec().Process!;
        Process process = own with
        {
            Args = hook.Args is { Count: > 0 } args ? args : [hook.Path],
            Env = hook.Env ?? [],
            Terminal = false,
            ConsoleSize = null,
        };
        using var exec = new OciExec(container, process, preservedFds: 0) { Program = hook.Path, Redirected = (input, output) };
        exec.Start();
        return new Pidfd(exec.Process!.Pidfd.Fd.Duplicate());
    }
}
