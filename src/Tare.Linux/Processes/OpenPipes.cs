// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>Finds pipes that other processes hold open, to take part in them.</summary>
/// <remarks>man proc_pid_fd(5): opening such a name opens the pipe itself, in any direction.</remarks>
internal static class OpenPipes
{
    private const int MaxDescriptors = 1 << 20;

    /// <summary>Opens a pipe for reading, not blocking; null when none of these processes has it open.</summary>
    /// <param name="inode">of the pipe, from <see cref="Pipe.Inode"/></param>
    /// <param name="pids">processes to look at</param>
    public static Fd? TryOpenReader(ulong inode, IEnumerable<int> pids)
    {
        byte[] wanted = Encoding.ASCII.GetBytes($"pipe:[{inode}]");
        foreach (int pid in pids)
        {
            if (TryOpenReader(inode, wanted, pid) is { } reader)
            {
                return reader;
            }
        }

        return null;
    }

    private static Fd? TryOpenReader(ulong inode, byte[] wanted, int pid)
    {
        try
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
            using Fd? folder = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
            foreach (byte[] name in folder?.SortedNames(MaxDescriptors) ?? [])
            {
                if (folder!.ReadLink(name).AsSpan().SequenceEqual(wanted)
                    && TryOpen($"{path}/{Encoding.ASCII.GetString(name)}", inode) is { } reader)
                {
                    return reader;
                }
            }
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.ESRCH or Errno.EACCES or Errno.ENXIO)
        {
            // the process ended or closed it meanwhile
        }

        return null;
    }

    /// <summary>Pinned before it is opened: the process may have put something else at this number meanwhile.</summary>
    /// <remarks>
    /// A container can hold a handle of a device that it may not open, and to open one, or a fifo, can itself do
    /// something.
    /// </remarks>
    private static Fd? TryOpen(string path, ulong inode)
    {
        using Fd? pinned = HostPath.TryOpen(path, OpenFlags.Path);
        return pinned?.TryReopenPipe(inode, OpenFlags.ReadOnly);
    }
}
