// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Lifecycle;

/// <summary>What is kept of a container between the commands of an OCI runtime: the file <c>state.json</c>.</summary>
/// <param name="Id">chosen by the caller</param>
/// <param name="Bundle">absolute path</param>
/// <param name="Rootfs">absolute path</param>
/// <param name="OciVersion">of the bundle's config</param>
/// <param name="Created">when its creation began</param>
/// <remarks>Status is not kept: it is what the processes and the report say (<see cref="OciContainer.Status"/>).</remarks>
internal sealed record OciRecord(string Id, string Bundle, string Rootfs, string OciVersion, DateTimeOffset Created)
{
    /// <summary>The first process; 0 while it is not there yet.</summary>
    public int Pid { get; init; }

    /// <summary>Clock ticks from boot to its birth: a later process of the same number is another.</summary>
    public ulong StartTicks { get; init; }

    /// <summary>Its directories, also before they are made, so that whoever comes later finds what a dead one left.</summary>
    public IReadOnlyList<string> Cgroups { get => field ?? []; init; } = [];

    /// <summary>Those that were made for it, and go with it.</summary>
    public IReadOnlyList<string> MadeCgroups { get => field ?? []; init; } = [];

    /// <summary>The first of <see cref="Cgroups"/> is of the unified hierarchy.</summary>
    public bool HasUnified { get; init; }

    /// <summary>Number of the step that waits for the start; those after it are the names in <see cref="LateSteps"/>.</summary>
    public int Gate { get; init; }

    /// <summary>What can still go wrong after the start, in words.</summary>
    public IReadOnlyList<string> LateSteps { get => field ?? []; init; } = [];

    /// <summary>Its config has hooks for the start or later: only then is that read again.</summary>
    public bool HasLateHooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
