// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Names;

/// <summary>The files of names of all networks of a store: each in a folder of its own, and those below one.</summary>
/// <param name="path">absolute</param>
/// <param name="clock">tells whether a change is so new that another one could look the same</param>
internal sealed class NameFiles(string path, TimeProvider clock)
{
    /// <summary>In the folder of a network.</summary>
    public const string FileName = "names";

    /// <summary>Networks of one store whose names are looked up; further ones have none on the host.</summary>
    public const int MaxNetworks = 4096;

    /// <summary>File systems keep times by ticks of the kernel's clock.</summary>
    private const long TickMilliseconds = 50;

    private readonly byte[] _path = Encoding.UTF8.GetBytes(path);
    private (ulong Inode, uint Links, FileTime Modified) _seen;

    /// <summary>The paths of all files, whether they are there or not; null: they are those of the last call.</summary>
    public IReadOnlyList<string>? TryList()
    {
        try
        {
            if (HostPath.TryOwnStatus(_path) is not { } status)
            {
                bool hadSome = _seen != default;
                _seen = default;
                return hadSome ? [] : null;
            }

            var seen = (status.Inode, status.Links, status.ModifyTime);
            if (seen == _seen)
            {
                return null;
            }

            using Fd? folder = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
            string[] files = [.. (folder?.SortedNames(MaxNetworks) ?? []).Select(name => $"{path}/{Encoding.UTF8.GetString(name)}/{FileName}")];
            long changed = (status.ModifyTime.Seconds * 1000) + (status.ModifyTime.Nanoseconds / 1_000_000);
            _seen = clock.GetUtcNow().ToUnixTimeMilliseconds() - changed > TickMilliseconds ? seen : default;
            return files;
        }
        catch (LinuxException)
        {
            // what was listed last is the best that we know; the next query tries again
            return null;
        }
    }
}
