// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Terminals;

/// <summary>A pseudo terminal in a devpts of its own, which is mounted nowhere yet.</summary>
/// <remarks>
/// The terminal is /dev/pts/0 wherever <see cref="Mount"/> is moved to. Neither end is ever opened by a path that a
/// container controls: the master is opened inside the detached mount, the peer with TIOCGPTPEER (Linux 4.13).
/// </remarks>
internal sealed unsafe class Pty : IDisposable
{
    private const int FSCONFIG_SET_FLAG = 0;
    private const int FSCONFIG_SET_STRING = 1;
    private const int FSCONFIG_CMD_CREATE = 6;
    private const int FSOPEN_CLOEXEC = 1;
    private const int FSMOUNT_CLOEXEC = 1;
    private const int MOUNT_ATTR_NOSUID_NOEXEC = 2 | 8;
    private const int O_RDWR_NOCTTY_CLOEXEC = 2 | 0x100 | 0x80000;

    private Pty(Fd? mount, Fd master, Fd peer)
    {
        Mount = mount;
        Master = master;
        Peer = peer;
    }

    /// <summary>The detached devpts, to be moved to the container's /dev/pts; null for one in a devpts that is there.</summary>
    public Fd? Mount { get; }

    public Fd Master { get; }

    /// <summary>The end for the container's 0, 1 and 2.</summary>
    public Fd Peer { get; }

    /// <summary>Makes one.</summary>
    /// <param name="group">group of the terminals inside; 5 is tty everywhere</param>
    public static Pty Create(uint group = 5) => Create(
    [
        new("ptmxmode", "0666"),
        new("mode", "0620"),
        new("gid", group.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ]);

    /// <summary>Makes one.</summary>
    /// <param name="options">parameters of devpts; that it is an instance of its own need not be said</param>
    public static Pty Create(IReadOnlyList<KeyValuePair<string, string?>> options)
    {
        using Fd context = FromCall(SystemCall.fsopen, "fsopen", "devpts\0"u8, FSOPEN_CLOEXEC);
        Configure(context, FSCONFIG_SET_FLAG, "newinstance\0"u8, default);
        foreach ((string key, string? value) in options.Where(option => option.Key != "newinstance"))
        {
            Configure(
                context,
                value is null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
                System.Text.Encoding.UTF8.GetBytes($"{key}\0"),
                value is null ? default : System.Text.Encoding.UTF8.GetBytes($"{value}\0"));
        }

        Configure(context, FSCONFIG_CMD_CREATE, default, default);
        nint raw = Libc.syscall(
            SystemCall.fsmount, context.Raw, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID_NOEXEC, 0, 0, 0);
        var mount = new Fd((int)Libc.Check(raw, "fsmount", "devpts"));
        Fd? master = null;
        try
        {
            master = OpenMaster(mount);
            return new Pty(mount, master, OpenPeer(master));
        }
        catch
        {
            master?.Dispose();
            mount.Dispose();
            throw;
        }
    }

    /// <summary>One more terminal in a devpts that is mounted already.</summary>
    /// <param name="multiplexer">
    /// O_PATH of the <c>ptmx</c> in that devpts; lent. What it is has been checked by <see cref="IsMultiplexer"/>.
    /// </param>
    public static Pty CreateIn(Fd multiplexer)
    {
        CString path = ProcPath.Of(multiplexer);
        fixed (byte* p = path)
        {
            var master = new Fd(Libc.Check(Libc.openat(Libc.AT_FDCWD, p, O_RDWR_NOCTTY_CLOEXEC, 0), "open", "ptmx"));
            try
            {
                return new Pty(null, master, OpenPeer(master));
            }
            catch
            {
                master.Dispose();
                throw;
            }
        }
    }

    /// <summary>The ptmx of a container's terminals, O_PATH; null when there is none where they are mounted, or something else.</summary>
    public static Fd? TryOpenMultiplexer(Root container)
    {
        Fd? file = container.TryResolve("dev/pts/ptmx"u8, OpenFlags.Path);
        if (file is null || IsMultiplexer(file))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>True for the <c>ptmx</c> of a devpts; opening anything else that a container put there could block or act.</summary>
    public static bool IsMultiplexer(Fd file)
    {
        const long DEVPTS_SUPER_MAGIC = 0x1cd1;
        const uint PtmxMajor = 5;
        const uint PtmxMinor = 2;
        Libc.statfs_t system;
        FileStatus status = file.Status();
        return Libc.fstatfs(file.Raw, &system) == 0
            && system.f_type == DEVPTS_SUPER_MAGIC
            && status.Kind == FileKind.CharacterDevice
            && status.Device is { Major: PtmxMajor, Minor: PtmxMinor };
    }

    public void Dispose()
    {
        Peer.Dispose();
        Master.Dispose();
        Mount?.Dispose();
    }

    private static Fd OpenPeer(Fd master)
    {
        int unlocked = 0;
        Libc.Check(Libc.ioctl(master.Raw, Libc.TIOCSPTLCK, (nint)(&unlocked)), "ioctl", "TIOCSPTLCK");
        int peer = Libc.ioctl(master.Raw, Libc.TIOCGPTPEER, O_RDWR_NOCTTY_CLOEXEC);
        return new Fd(Libc.Check(peer, "ioctl", "TIOCGPTPEER"));
    }

    private static Fd OpenMaster(Fd mount)
    {
        fixed (byte* name = "ptmx\0"u8)
        {
            int raw = Libc.openat(mount.Raw, name, O_RDWR_NOCTTY_CLOEXEC, 0);
            return new Fd(Libc.Check(raw, "open", "ptmx"));
        }
    }

    private static Fd FromCall(int number, string name, ReadOnlySpan<byte> text, nint flags)
    {
        fixed (byte* p = text)
        {
            return new Fd((int)Libc.Check(Libc.syscall(number, (nint)p, flags, 0, 0, 0, 0), name));
        }
    }

    private static void Configure(Fd context, int command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key)
        fixed (byte* v = value)
        {
            nint result = Libc.syscall(SystemCall.fsconfig, context.Raw, command, (nint)k, (nint)v, 0, 0);
            Libc.Check(result, "fsconfig", "devpts");
        }
    }
}
