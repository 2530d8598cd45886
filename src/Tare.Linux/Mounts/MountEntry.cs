// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Mounts;

/// <summary>One line of mountinfo; paths are bytes with the escapes undone.</summary>
/// <remarks>man proc_pid_mountinfo(5)</remarks>
/// <param name="Id">unique while mounted; the mount id of statx</param>
/// <param name="ParentId">the mount that holds the mount point</param>
/// <param name="Device">of the file system</param>
/// <param name="Root">the directory of the file system that is shown</param>
/// <param name="MountPoint">relative to the reading process's root</param>
/// <param name="Options">of this mount, separated by commas</param>
/// <param name="Tags"><c>shared:1</c>, <c>master:2</c> …</param>
/// <param name="Type">of the file system: ext4, cgroup2 …</param>
/// <param name="Source">whatever the file system calls its source</param>
/// <param name="SuperOptions">of the file system, separated by commas</param>
internal sealed record MountEntry(
    int Id,
    int ParentId,
    DeviceNumber Device,
    byte[] Root,
    byte[] MountPoint,
    string Options,
    IReadOnlyList<string> Tags,
    string Type,
    byte[] Source,
    string SuperOptions)
{
    /// <summary>True when the super block's options contain this one, as cgroup v1 names its controllers.</summary>
    public bool HasSuperOption(string option) => SuperOptions.Split(',').Contains(option);
}
