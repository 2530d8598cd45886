// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Mounts;

/// <summary>What the kernel allows with mounts that are nowhere attached.</summary>
internal static class DetachedMounts
{
    /// <summary>A part of one can be mounted somewhere else: since Linux 6.15 (open_tree(2) on a detached mount).</summary>
    public static bool CanBeCloned()
    {
        using FileSystemContext context = new("tmpfs");
        using Fd mount = context.Create(MountAttributes.None);
        try
        {
            Mount.Clone(mount).Dispose();
            return true;
        }
        catch (LinuxException refused) when (refused.Errno == Errno.EINVAL)
        {
            return false;
        }
    }
}
