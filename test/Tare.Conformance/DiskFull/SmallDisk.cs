// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Conformance.PowerCut;

namespace Tare.Conformance.DiskFull;

/// <summary>A file system in memory on which as much is free as the test wants.</summary>
internal sealed class SmallDisk : IDisposable
{
    public const int Page = 4096;
    private const long Wide = 256 << 20;

    public SmallDisk(string folder)
    {
        Mounted = Directory.CreateDirectory(Path.Combine(folder, "small")).FullName;
        HostCommand.Succeed("mount", "-t", "tmpfs", "-o", "size=256m,mode=700", "small", Mounted);
    }

    public string Mounted { get; }

    /// <summary>From now on so many bytes can be written.</summary>
    public void Leave(long free) => Resize(Used() + free);

    /// <summary>Somebody made room.</summary>
    public void MakeRoom() => Resize(Wide);

    public long Used()
    {
        (int code, string said) = HostCommand.Run("stat", "-f", "-c", "%b %f", Mounted);
        Assert.Equal(0, code);
        long[] blocks = [.. said.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return (blocks[0] - blocks[1]) * Page;
    }

    public void Dispose() => HostCommand.Unmount(Mounted);

    private void Resize(long bytes) =>
        HostCommand.Succeed("mount", "-o", $"remount,size={Math.Max(bytes, Page).ToString(CultureInfo.InvariantCulture)}", Mounted);
}
