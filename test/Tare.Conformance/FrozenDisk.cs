// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>A file system in a file, which can be frozen: whoever writes to it then waits in the kernel.</summary>
internal sealed class FrozenDisk : IDisposable
{
    private bool _isFrozen;

    public FrozenDisk(string folder)
    {
        string file = Path.Combine(folder, "disk");
        Mounted = Directory.CreateDirectory(Path.Combine(folder, "mounted")).FullName;
        using (FileStream made = File.Create(file))
        {
            made.SetLength(16 << 20);
        }

        Call("mkfs.ext4", "-q", file);
        Call("mount", "-o", "loop", file, Mounted);
    }

    /// <summary>Where it is mounted.</summary>
    public string Mounted { get; }

    public void Freeze()
    {
        Call("fsfreeze", "-f", Mounted);
        _isFrozen = true;
    }

    public void Thaw()
    {
        _isFrozen = false;
        Call("fsfreeze", "-u", Mounted);
    }

    public void Dispose()
    {
        if (_isFrozen)
        {
            Thaw();
        }

        // the container that had it may be at its last steps
        Subject.Await(() => Run("umount", Mounted) == 0, () => $"{Mounted} is busy");
    }

    private static void Call(params string[] words)
    {
        int code = Run(words);
        Assert.True(code == 0, $"{string.Join(' ', words)}: exit code {code}");
    }

    private static int Run(params string[] words)
    {
        using Process process = Process.Start(words[0], words[1..]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
