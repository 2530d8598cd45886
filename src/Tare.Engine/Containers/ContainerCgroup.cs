// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The one place that knows where a container's cgroup is.</summary>
/// <remarks>
/// Named by the container's id, below the store's own parent, or below the one that was asked for: then
/// <see cref="CgroupPlaces"/> has it from before it is made until it is gone. Keepers are told its directories.
/// As docker does, a parent is made when it is missing, and stays.
/// </remarks>
internal static class ContainerCgroup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>As the runtime spec says it; a relative one begins where the engine itself is.</summary>
    /// <exception cref="TareException">InvalidArgument: what was asked for is no parent</exception>
    public static string PathOf(TareEngine engine, ContainerId id, RunRequest request) => ParentOf(request) is { } parent
        ? parent.PathOf(id.Text)
        : $"/{engine.Folders.CgroupParent}/{id}";

    /// <summary>The container's cgroup, whether it is there or not: directories that are gone count as empty.</summary>
    public static Cgroup Of(TareEngine engine, ContainerId id) => Of(engine, id, null);

    /// <param name="engine">whose it is</param>
    /// <param name="id">of the container</param>
    /// <param name="host">of this machine; null: it is looked at</param>
    public static Cgroup Of(TareEngine engine, ContainerId id, CgroupHost? host) =>
        CgroupPlaces.TryRead(engine.Folders, id.Text) ?? Usual(engine, id, host ?? CgroupHost.Detect());

    /// <summary>Makes it and writes the limits; on failure nothing of it stays. The caller holds the operation.</summary>
    /// <exception cref="LinuxException">a limit is refused, or the store's own parent</exception>
    /// <exception cref="TareException">FailedPrecondition: below the parent that was asked for none can be made</exception>
    public static Cgroup Make(TareEngine engine, ContainerId id, RunRequest request, CgroupHost host, CgroupLimits limits) =>
        ParentOf(request) is { } parent
            ? MakeBelow(engine, id, parent, request.CgroupParent!, host, limits)
            : host.Create(engine.Folders.CgroupParent, id.Text, limits);

    /// <summary>Empties and removes it when no keeper is there to do it.</summary>
    public static void Remove(TareEngine engine, ContainerId id)
    {
        Cgroup cgroup = Of(engine, id);
        if (cgroup.HasProcesses())
        {
            cgroup.Kill();
        }

        cgroup.Remove(Patience);
        CgroupPlaces.Release(engine.Folders, id.Text);
    }

    private static Cgroup MakeBelow(
        TareEngine engine, ContainerId id, CgroupParent parent, string asked, CgroupHost host, CgroupLimits limits)
    {
        // a process that the kernel did not let die may still be where the last run was
        if (CgroupPlaces.TryRead(engine.Folders, id.Text) is { } last && !last.Remove())
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"container {id.Short}: {StuckProcesses.Describe(last)}");
        }

        try
        {
            Cgroup place = host.Below(parent, id.Text);
            CgroupPlaces.Write(engine.Folders, id.Text, place);
            host.CreateAt(place, limits);
            return place;
        }
        catch (LinuxException refused)
        {
            CgroupPlaces.Release(engine.Folders, id.Text);
            throw new TareException(
                ErrorKind.FailedPrecondition, $"container {id.Short}: cgroup parent {Quoted.Text(asked)}: {refused.Message}", null, refused);
        }
    }

    private static CgroupParent? ParentOf(RunRequest request)
    {
        if (string.IsNullOrEmpty(request.CgroupParent))
        {
            return null;
        }

        return CgroupParent.TryRead(request.CgroupParent, out CgroupParent? parent) is { } reason
            ? throw new TareException(ErrorKind.InvalidArgument, $"invalid cgroup parent {Quoted.Text(request.CgroupParent)}: {reason}")
            : parent;
    }

    private static Cgroup Usual(TareEngine engine, ContainerId id, CgroupHost host) => host.Open(engine.Folders.CgroupParent, id.Text);
}
