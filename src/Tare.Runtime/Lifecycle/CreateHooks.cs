// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Lifecycle;

/// <summary>Starts programs of the host's in the namespaces of a container whose first process waits before it pivots.</summary>
/// <param name="spec">of the container</param>
/// <param name="host">that its plan was made with</param>
/// <param name="cgroup">of the container: they end with it</param>
/// <param name="process">its first</param>
/// <remarks>runtime-spec v1.3 config.md#createcontainer-hooks</remarks>
internal sealed class CreateHooks(Spec spec, PlanHost host, Cgroup cgroup, Launched process)
{
    /// <summary>See <see cref="HookStart"/>.</summary>
    public Pidfd Start(Hook hook, Fd input, Fd output)
    {
        var plan = LaunchPlan.CompileHook(spec, host, hook);
        List<Fd> joins = cgroup.OpenForJoin();
        Fd[] given = [.. plan.Given.Skip(StandardGiven.First).Select(each => Open(each, joins))];
        try
        {
            using Fd? unified = cgroup.HasUnified ? HostPath.OpenDirectory(cgroup.Paths[0]) : null;
            using Launched launched = Launcher.Start(
                LaunchProgram.Read(plan.ToProgram()), CloneFlags.None, [input, output, output, null, .. given], unified, process.Pidfd.Fd);
            return launched.Complete() is { } failure
                ? throw plan.Explain(failure).ToException()
                : new Pidfd(launched.Pidfd.Fd.Duplicate());
        }
        finally
        {
            Array.ForEach(given, static fd => fd.Dispose());
        }
    }

    private Fd Open(GivenFd given, List<Fd> joins) => given.Kind switch
    {
        GivenKind.Cgroup => joins[given.Index],
        GivenKind.HostRoot => HostPath.Open(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Pid}/root"), OpenFlags.Path | OpenFlags.Directory),
        _ => process.Pidfd.Fd.Duplicate(),
    };
}
