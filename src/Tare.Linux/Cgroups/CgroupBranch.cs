// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>The directories from the root of one hierarchy down to a cgroup.</summary>
/// <param name="hierarchy">where</param>
/// <param name="names">checked components</param>
internal sealed class CgroupBranch(CgroupHierarchy hierarchy, string[] names)
{
    /// <summary>Deeper trees are nobody's intention.</summary>
    internal const int MaxDepth = 32;

    private const uint DirectoryMode = 0b111_101_101;

    /// <summary>Others may remove an ancestor that they made while we go down; it is made again so often.</summary>
    private const int Attempts = 8;

    /// <summary>Makes what is missing.</summary>
    /// <param name="made">takes the paths of what was not there before</param>
    /// <exception cref="LinuxException">EBUSY: the last one is there and has processes</exception>
    internal void Make(List<string> made)
    {
        for (int attempt = 0; !TryMake(made); attempt++)
        {
            if (attempt == Attempts)
            {
                throw new LinuxException(Errno.ENOENT, "mkdir", $"{hierarchy.MountPoint}/{string.Join('/', names)}");
            }
        }
    }

    private bool TryMake(List<string> made)
    {
        string above = hierarchy.MountPoint;
        for (int i = 0; i < names.Length; i++)
        {
            string path = $"{above}/{names[i]}";
            if (CgroupDirectory.TryMakeNew(path, DirectoryMode) is not { } isNew)
            {
                return false;
            }

            Note(path, isNew, isLast: i == names.Length - 1, made);
            Prepare(above, path);
            above = path;
        }

        return true;
    }

    private static void Note(string path, bool isNew, bool isLast, List<string> made)
    {
        if (isNew && !made.Contains(path))
        {
            made.Add(path);
        }
        else if (!isNew && isLast && !made.Contains(path) && CgroupProcesses.Any(path))
        {
            throw new LinuxException(Errno.EBUSY, "cgroup", $"{path} has processes");
        }
    }

    private void Prepare(string above, string path)
    {
        if ((hierarchy.Controllers & CgroupControllers.Cpuset) != 0)
        {
            CgroupInheritance.Cpuset(above, path);
        }
        else if (hierarchy.IsUnified)
        {
            CgroupControllers there = CgroupFile.TryRead($"{above}/cgroup.controllers") is { } list
                ? CgroupControllerNames.ParseList(list, (byte)' ')
                : CgroupControllers.None;
            CgroupInheritance.Enable(above, there & CgroupInheritance.Usual);
        }
    }
}
