// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Interop;

namespace Tare.Linux.Mounts;

/// <summary>A file system being configured: options one by one, then <see cref="Create"/>.</summary>
/// <remarks>man fsopen(2), fsconfig(2). What the kernel has to say about a refusal is in the exception's subject.</remarks>
internal sealed unsafe class FileSystemContext : IDisposable
{
    /// <summary>The kernel copies at most 256 bytes of a string option.</summary>
    public const int MaxValueBytes = 255;

    private const int MaxMessageBytes = 1024;

    private readonly Fd _context;
    private readonly string _type;

    /// <param name="type">as in /proc/filesystems</param>
    public FileSystemContext(string type)
    {
        _type = type;
        CString name = new(type);
        fixed (byte* n = name)
        {
            _context = new Fd(Libc.Check(Libc.fsopen(n, Libc.FSOPEN_CLOEXEC), "fsopen", type));
        }
    }

    public void SetFlag(string key) => Configure(Libc.FSCONFIG_SET_FLAG, key, default, 0);

    public void SetString(string key, string value) => SetString(key, Encoding.UTF8.GetBytes(value));

    public void SetString(string key, ReadOnlySpan<byte> value) =>
        Configure(Libc.FSCONFIG_SET_STRING, key, value, 0);

    public void SetFd(string key, Fd value) => Configure(Libc.FSCONFIG_SET_FD, key, default, value.Raw);

    /// <summary>Makes the file system and a detached mount of it. Once per context.</summary>
    public Fd Create(MountAttributes attributes = MountAttributes.None)
    {
        Check(Libc.fsconfig(_context.Raw, Libc.FSCONFIG_CMD_CREATE, null, null, 0), "create");
        int mount = Libc.fsmount(_context.Raw, Libc.FSMOUNT_CLOEXEC, (uint)attributes);
        Check(mount, "fsmount");
        return new Fd(mount);
    }

    public void Dispose() => _context.Dispose();

    private void Configure(int command, string key, ReadOnlySpan<byte> value, int aux)
    {
        CString name = new(key);
        CString text = new(value);
        fixed (byte* n = name, t = text)
        {
            byte* v = command == Libc.FSCONFIG_SET_STRING ? t : null;
            Check(Libc.fsconfig(_context.Raw, command, n, v, aux), key);
        }
    }

    private void Check(int result, string what)
    {
        if (result < 0)
        {
            Errno errno = Libc.LastErrno;
            throw new LinuxException(errno, "fsconfig", $"{_type} {what}{Messages()}");
        }
    }

    /// <summary>Reading the context gives the kernel's messages: <c>e overlay: …</c>, one per read.</summary>
    private string Messages()
    {
        StringBuilder all = new();
        byte* buffer = stackalloc byte[MaxMessageBytes];
        nint length;
        while (all.Length < MaxMessageBytes && (length = Libc.read(_context.Raw, buffer, MaxMessageBytes)) > 0)
        {
            all.Append(" [").Append(Encoding.UTF8.GetString(buffer, (int)length).TrimEnd()).Append(']');
        }

        return all.ToString();
    }
}
