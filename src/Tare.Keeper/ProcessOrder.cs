// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Runtime.Planning;

namespace Tare.Keeper;

/// <summary>One process that a keeper starts: the container's first, or one that is exec'ed into it.</summary>
internal sealed record ProcessOrder
{
    /// <summary>What it does before it executes its program, and that program; null: it is adopted.</summary>
    public LaunchProgram? Program { get; init; }

    /// <summary>New namespaces; none for a process that is exec'ed.</summary>
    public CloneFlags Namespaces { get; init; }

    /// <summary>What the keeper does to it from outside while it waits for the word to go on; null: it does not wait.</summary>
    public PlanOutside? Outside { get; init; }

    /// <summary>With <see cref="Outside"/>: before which of the starter's descriptors the keeper puts its two ends of the pipe for the word.</summary>
    public int GoAt { get; init; }

    /// <summary>Its 0, 1 and 2 are a terminal; else three pipes.</summary>
    public bool Terminal { get; init; }

    /// <summary>Size of the terminal at its birth, so that the first line is not drawn for a wrong one.</summary>
    public TerminalSize? TerminalSize { get; init; }

    /// <summary>Standard input is open; else it is /dev/null.</summary>
    public bool OpenInput { get; init; }

    /// <summary>Input ends when a client that could send some has gone without detaching.</summary>
    public bool InputOnce { get; init; }

    /// <summary>
    /// User who owns the pipes or terminal, in ids of the host: a process that is not root could not open its own
    /// /dev/stdout otherwise.
    /// </summary>
    public uint StreamOwner { get; init; }

    /// <summary>Its starter is attached from the first byte, and the starter's back-pressure holds the process.</summary>
    public bool AttachStarter { get; init; }

    /// <summary>As in a pipeline of a shell: when the starter's output is gone, what is written there ends the process.</summary>
    public bool EndsWithOutput { get; init; }
}
