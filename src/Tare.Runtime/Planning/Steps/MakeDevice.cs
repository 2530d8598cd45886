// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes a device node, or a fifo.</summary>
/// <param name="Node">which</param>
/// <param name="Replace">true where the directory is not a fresh one and may hold a node of that name</param>
internal sealed record MakeDevice(DeviceNode Node, bool Replace) : Step
{
    public override string Action => $"make device {Node.Path}";

    public override string Details => Node.Describe();

    internal override void Lower(Lowering to)
    {
        (Slot parent, string name) = to.MakeParents(TargetPath.Relative(Node.Path), TargetPath.Resolve(Node.Path));
        Arg path = Arg.Text(name);
        if (Replace)
        {
            to.Builder.Call(SystemCall.unlinkat, [parent, path, 0], null, Errno.ENOENT);
        }

        to.Call(SystemCall.mknodat, parent, path, Node.Type | Node.Mode, DeviceNode.Number(Node.Major, Node.Minor));
        if ((Node.Uid | Node.Gid) != 0)
        {
            to.Call(SystemCall.fchownat, parent, path, Node.Uid, Node.Gid, AT_SYMLINK_NOFOLLOW);
        }

        to.CloseParent(parent);
    }
}
