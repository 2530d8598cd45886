// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Planning;

/// <summary>The whole set-up of a container's process as pure data: an ordered list of steps.</summary>
/// <remarks>Made by <see cref="Compile"/>, printed by <see cref="ToString"/>, executed as <see cref="ToProgram"/>.</remarks>
internal sealed class LaunchPlan
{
    internal LaunchPlan(IReadOnlyList<Step> steps, CloneFlags namespaces, IReadOnlyList<GivenFd> given)
    {
        Steps = steps;
        Namespaces = namespaces;
        Given = given;
    }

    /// <summary>
    /// Path of the pid namespace that the process is born in (<c>inside</c> of the launcher), or null: a new one, or
    /// the starter's.
    /// </summary>
    public string? PidNamespace { get; init; }

    /// <summary>What the starter does while the process waits to be let go the first time; null: nothing.</summary>
    public PlanOutside? Outside { get; init; }

    /// <summary>
    /// Parameters of the devpts in which the starter makes the container's terminal; null: it makes one as it likes.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string?>>? TerminalOptions { get; init; }

    /// <summary>What the starter does before hooks run, one line each, as a printed plan shows it.</summary>
    public IReadOnlyList<string> NetDevices { get; init; } = [];

    /// <summary>What the user should know although it hinders nothing, one sentence each; printed by the caller.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the process does, in order; the last step becomes the container's program.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>Namespaces that the process is born in.</summary>
    public CloneFlags Namespaces { get; }

    /// <summary>
    /// What the starter hands over, in this order; the first four are those of <see cref="StandardGiven"/>.
    /// </summary>
    public IReadOnlyList<GivenFd> Given { get; }

    /// <summary>Decides everything from the spec and what is known of the host; reads and changes nothing.</summary>
    /// <exception cref="TareException">
    /// InvalidArgument: the spec contradicts itself or the specification; NotSupported: it asks for what this version
    /// cannot do; PermissionDenied: the host refuses a limit
    /// </exception>
    public static LaunchPlan Compile(Spec spec, PlanHost host) => PlanCompiler.Compile(spec, host);

    /// <summary>As <see cref="Compile"/>, for one more process in a container that runs (<c>exec</c>).</summary>
    /// <param name="spec">the container's, with the new process in place of its own</param>
    /// <param name="host">of the container; an init of ours is not asked for</param>
    public static LaunchPlan CompileExec(Spec spec, PlanHost host) => PlanCompiler.CompileExec(spec, host);

    /// <summary>As <see cref="Compile"/>, for a program of the host's that runs in the namespaces of a container while that is made.</summary>
    /// <param name="spec">the container's</param>
    /// <param name="host">as for the container</param>
    /// <param name="hook">what is executed, by its path on the host</param>
    public static LaunchPlan CompileHook(Spec spec, PlanHost host, Hook hook) => PlanCompiler.CompileHook(spec, host, hook);

    /// <summary>The steps as system calls; each call carries the index of its step.</summary>
    /// <returns>a block for <see cref="LaunchProgram.Read"/></returns>
    public byte[] ToProgram()
    {
        var lowering = new Lowering();
        for (int i = 0; i < Steps.Count; i++)
        {
            lowering.Builder.Step = i;
            Steps[i].Lower(lowering);
        }

        return lowering.Builder.Build();
    }

    /// <summary>What went wrong, for the user, with the exit code that docker would give.</summary>
    public LaunchError Explain(LaunchFailure failure) => LaunchError.Of(this, failure);

    /// <summary>One line for the namespaces, one for each descriptor that is handed over, one for each step and warning.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("clone: ").Append(Namespaces).Append('\n');
        Append(text, "in pid namespace: ", PidNamespace);
        for (int i = 0; i < Given.Count; i++)
        {
            text.Append("given ").Append(i).Append(": ").Append(Given[i]).Append('\n');
        }

        foreach (Step step in Steps)
        {
            text.Append(step).Append('\n');
        }

        foreach (string line in (Outside?.Lines() ?? []).Concat(NetDevices))
        {
            Append(text, "outside: ", line);
        }

        foreach (string warning in Warnings)
        {
            Append(text, "warning: ", warning);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string what, string? value)
    {
        if (value is not null)
        {
            text.Append(what).Append(value).Append('\n');
        }
    }
}
