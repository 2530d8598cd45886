// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Tests;

/// <summary>An empty directory in memory, where fsync costs nothing; gone after the test.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _name = "tare-test-" + Guid.NewGuid().ToString("N");

    public Scratch()
    {
        using Fd parent = HostPath.OpenDirectory("/dev/shm");
        parent.MakeDirectory(Encoding.ASCII.GetBytes(_name), 0b111_000_000);
        Fd = HostPath.OpenDirectory(Path);
        Root = Root.Open(Path);
    }

    public string Path => "/dev/shm/" + _name;

    /// <summary>Open for reading.</summary>
    public Fd Fd { get; }

    public Root Root { get; }

    public Fd MakeAndOpen(ReadOnlySpan<byte> name)
    {
        Fd.MakeDirectory(name, 0b111_101_101);
        return Fd.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    public Fd Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Fd file = Fd.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0b110_100_100);
        file.Write(content);
        return file;
    }

    public void Dispose()
    {
        Root.Dispose();
        Fd.Dispose();
        using Fd parent = HostPath.OpenDirectory("/dev/shm");
        FileTree.Remove(parent, Encoding.ASCII.GetBytes(_name));
    }
}
