// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Files of a process's cgroup, in whichever hierarchy they are.</summary>
internal static class CgroupFile
{
    /// <summary>What one says; null: there is none of this name.</summary>
    public static string? Find(int pid, string file)
    {
        foreach (string line in File.ReadAllLines($"/proc/{pid}/cgroup"))
        {
            string[] words = line.Split(':', 3);
            foreach (string mount in File.ReadAllLines("/proc/self/mounts").Select(mount => mount.Split(' ')).Where(
                mount => mount[2] == "cgroup2" ? words[1].Length == 0 : mount[2] == "cgroup" && words[1].Length > 0
                    && words[1].Split(',').All(controller => $",{mount[3]},".Contains($",{controller},", StringComparison.Ordinal))).Select(mount => mount[1]))
            {
                string path = $"{mount}{words[2]}/{file}";
                if (File.Exists(path))
                {
                    return File.ReadAllText(path).Trim();
                }
            }
        }

        return null;
    }
}
