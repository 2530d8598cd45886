// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>A folder of one build in the run folder, which is in memory: for secrets and scripts.</summary>
/// <remarks><c>build/HEX/</c> with a lock file that dies with its process; what dead builds left goes when the next one begins.</remarks>
internal sealed class LiveFolder : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private const int MaxNames = 1 << 16;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory;

    private readonly Fd _builds;
    private readonly byte[] _name = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));
    private readonly FileLock _lock;

    private LiveFolder(Fd builds)
    {
        _builds = builds;
        builds.MakeDirectory(_name, OwnerOnly);
        Fd = builds.Open(_name, Folder);
        _lock = FileLock.Take(Fd, "lock"u8);
    }

    /// <summary>Lent.</summary>
    public Fd Fd { get; }

    /// <param name="run">path of the run folder</param>
    public static LiveFolder Make(string run)
    {
        Fd builds = HostPath.MakeDirectories($"{run}/build", OwnerOnly);
        try
        {
            using FileLock gate = FileLock.Take(builds, ".lock"u8);
            Sweep(builds);
            return new LiveFolder(builds);
        }
        catch
        {
            builds.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        FileTree.Remove(_builds, _name);
        Fd.Dispose();
        _lock.Dispose();
        _builds.Dispose();
    }

    private static void Sweep(Fd builds)
    {
        foreach (byte[] name in builds.SortedNames(MaxNames))
        {
            if (!builds.Status(name).IsDirectory)
            {
                continue;
            }

            using Fd folder = builds.Open(name, Folder);
            using FileLock? dead = FileLock.TryTake(folder, "lock"u8);
            if (dead is not null)
            {
                FileTree.Remove(builds, name);
            }
        }
    }
}
