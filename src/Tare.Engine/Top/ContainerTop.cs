// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Linux.Cgroups;

namespace Tare.Engine.Top;

/// <summary>The processes of a running container, seen from the host: <c>top</c>.</summary>
/// <remarks>
/// Nothing inside the container is asked or executed (CVE-2022-1227). Without options the kernel is read; with options
/// the host's own <c>ps</c> is, as docker does it.
/// </remarks>
internal static class ContainerTop
{
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="options">for <c>ps</c>; none are as <c>-ef</c></param>
    /// <exception cref="Oci.TareException">Conflict: it does not run; else what <c>ps</c> refuses</exception>
    public static ProcessTable Read(TareEngine engine, ContainerRow row, IReadOnlyList<string> options)
    {
        ContainerStatus status = StatusReader.Read(engine, row);
        if (!status.IsLive)
        {
            throw LiveContainer.NotRunning(row);
        }

        Cgroup cgroup = ContainerCgroup.Of(engine, row.Id);
        return options.Count == 0
            ? FullFormat.Read(cgroup.Processes(), status.FirstUser, engine.Clock)
            : HostPs.Read(options, cgroup.Processes);
    }
}
