// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Committing;

/// <summary>Empty files and folders that only the engine made, for something to be mounted there.</summary>
internal static class MountPoints
{
    private const OpenFlags Look = OpenFlags.Path | OpenFlags.NoFollow;

    /// <summary>What every container has mounted; below first.</summary>
    private static readonly string[] Always =
    [
        "dev/console", "dev/pts", "dev/shm", "dev/mqueue", "dev", "proc", "sys/fs/cgroup", "sys", "etc/hostname", "etc/hosts",
        "etc/resolv.conf", "etc",
    ];

    /// <summary>Those of a container that its image does not have and that nobody has put anything into.</summary>
    /// <param name="upper">what the container wrote</param>
    /// <param name="image">what it began with</param>
    /// <param name="record">its mounts</param>
    /// <returns>paths without a slash at their beginning</returns>
    public static IReadOnlySet<string> Find(FileRoot upper, FileRoot image, ContainerRecord record)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string path in record.Mounts.Select(static mount => mount.Destination.Trim('/')).Concat(Always))
        {
            for (string at = path; at.Length > 0; at = at.Contains('/') ? at[..at.LastIndexOf('/')] : "")
            {
                using Fd? there = image.TryResolve(Encoding.UTF8.GetBytes(at), Look);
                if (there is not null || !IsUntouched(upper, at, found))
                {
                    break;
                }

                found.Add(at);
            }
        }

        return found;
    }

    /// <summary>Empty, but for what is left out already.</summary>
    private static bool IsUntouched(FileRoot upper, string path, HashSet<string> found)
    {
        const int MaxNames = 1 << 16;
        using Fd? file = upper.TryResolve(Encoding.UTF8.GetBytes(path), Look);
        if (file?.Status() is not { } status)
        {
            return false;
        }

        if (!status.IsDirectory)
        {
            return status is { IsRegular: true, Size: 0 };
        }

        using Fd folder = file.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        return folder.SortedNames(MaxNames).All(name => found.Contains($"{path}/{Encoding.UTF8.GetString(name)}"));
    }
}
