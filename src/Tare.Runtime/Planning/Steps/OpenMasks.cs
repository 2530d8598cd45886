// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes the file system whose one file and one directory cover masked paths.</summary>
/// <remarks>
/// The null device is made here, in a tmpfs that no other process can reach, so that it needs no check
/// (CVE-2025-31133 trusted the image's). The kernel copies attached mounts only, so it lies on the host's root, which
/// is detached with all that is on it when the container's root takes its place.
/// </remarks>
internal sealed record OpenMasks : Step
{
    internal const string NullDevice = "null";
    internal const string EmptyDirectory = "empty";

    /// <summary>Where mounts of directories are put that nobody needs any more, see <see cref="PutAside"/>.</summary>
    internal const string AsideDirectory = "aside.d";

    /// <summary>As <see cref="AsideDirectory"/>, of files.</summary>
    internal const string AsideFile = "aside.f";

    public override string Action => "mount the masks";

    internal override void Lower(Lowering to)
    {
        Slot masks = to.NewFileSystem("tmpfs", [new("source", "tmpfs"), new("size", "16k"), new("mode", "0755")], 0);
        to.Call(
            SystemCall.move_mount, masks, Arg.Text(""), AT_FDCWD, Arg.Text("/"), MOVE_MOUNT_F_EMPTY_PATH);
        to.Call(SystemCall.mkdirat, masks, Arg.Text(EmptyDirectory), 0x16d /* 0555 */);
        to.Call(SystemCall.mkdirat, masks, Arg.Text(AsideDirectory), 0x16d);
        to.Call(SystemCall.mknodat, masks, Arg.Text(AsideFile), S_IFREG | 0x124 /* 0444 */, 0);
        to.Call(
            SystemCall.mknodat,
            masks,
            Arg.Text(NullDevice),
            S_IFCHR | 0x1b6 /* 0666 */,
            DeviceNode.Number(1, 3));
        to.SetAttributes(
            masks, recursive: false, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, clear: 0);
        to.Masks = masks;
    }
}
