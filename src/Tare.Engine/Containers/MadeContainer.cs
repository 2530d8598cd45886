// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Engine.Containers;

/// <summary>A container that is recorded and ready to start: everything it needs is held open here.</summary>
/// <remarks>
/// Owned by who made it. Disposing closes what is held; what stays on disk is decided by <see cref="Undo"/>, which the
/// owner keeps once the container may stay.
/// </remarks>
internal sealed class MadeContainer : IDisposable
{
    public required ContainerRow Row { get; init; }

    public required ContainerRecord Record { get; init; }

    public required Spec Spec { get; init; }

    public required LaunchPlan Plan { get; init; }

    public required Cgroup Cgroup { get; init; }

    /// <summary>What the plan is given, from the first that is not the keeper's own.</summary>
    public required IReadOnlyList<Fd> Given { get; init; }

    /// <summary>Takes everything back: record, folders, cgroup.</summary>
    public required Undo Undo { get; init; }

    /// <summary>Tells other processes that this container is being changed.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Closes the descriptors that the keeper has got; the root file system is then only the container's.</summary>
    public void CloseGiven()
    {
        foreach (Fd fd in Given)
        {
            fd.Dispose();
        }
    }

    public void Dispose()
    {
        CloseGiven();
        Undo.Dispose();
        Operation.Dispose();
    }
}
