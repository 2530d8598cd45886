// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning.Steps;

/// <summary>One thing that the new process does to become the container's; the set of them is closed.</summary>
/// <remarks>A step is data that can be compared and printed. Each kind knows the system calls it stands for.</remarks>
internal abstract record Step
{
    /// <summary>What is done and to what, as an error message names it: <c>mount tmpfs on /dev</c>.</summary>
    public abstract string Action { get; }

    /// <summary>How it is done, for the reader of a plan; empty when there is nothing to add.</summary>
    public virtual string Details => "";

    /// <summary>The line that a printed plan shows.</summary>
    public sealed override string ToString() => Details.Length == 0 ? Action : $"{Action}: {Details}";

    /// <summary>Records the system calls.</summary>
    internal abstract void Lower(Lowering to);
}
