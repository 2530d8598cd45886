// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>How the owners of files are shown through a mount: ids on the file system, ids that the container sees.</summary>
/// <param name="Uids">users: the container's id is that of the file system, the host's is what is shown</param>
/// <param name="Gids">groups</param>
/// <param name="IsRecursive">for the mounts below it too</param>
/// <remarks>runtime-spec v1.3 config.md#mounts; man mount_setattr(2), MOUNT_ATTR_IDMAP</remarks>
internal sealed record MountIdMap(IReadOnlyList<IdMapping> Uids, IReadOnlyList<IdMapping> Gids, bool IsRecursive)
{
    public override string ToString() => $"{(IsRecursive ? "ridmap" : "idmap")} {Text(Uids)} {Text(Gids)}";

    /// <summary>As <c>0:100000:65536,…</c></summary>
    internal static string Text(IReadOnlyList<IdMapping> map) => string.Join(',', map.Select(range =>
        string.Create(CultureInfo.InvariantCulture, $"{range.ContainerId}:{range.HostId}:{range.Size}")));
}
