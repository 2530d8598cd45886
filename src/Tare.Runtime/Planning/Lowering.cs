// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Turns steps into system calls: the builder, the descriptors that steps share, and the calls many steps make.</summary>
internal sealed class Lowering
{
    private const ulong MakeDirectoryMode = 0x1ed; // 0755
    private const ulong MakeFileMode = 0x1a4; // 0644

    private const int OpenHowSize = 24;

    private static readonly Arg Empty = Arg.Text("");

    private readonly Dictionary<(long Flags, ulong Resolve), Arg> _how = [];

    public LaunchProgramBuilder Builder { get; } = new();

    /// <summary>Root of the container's mounts, from <see cref="Steps.AttachRoot"/> on.</summary>
    public Slot Root { get; set; }

    /// <summary>Root of the host's mounts, until <see cref="Steps.PivotRoot"/>.</summary>
    public Slot HostRoot { get; set; }

    /// <summary>Where the root is attached, from <see cref="Steps.FindPlace"/> to <see cref="Steps.AttachRoot"/>.</summary>
    public Slot Place { get; set; }

    /// <summary>The file system whose entries cover masked paths, from <see cref="Steps.OpenMasks"/> on.</summary>
    public Slot? Masks { get; set; }

    /// <summary>A procfs that nobody else can reach or mount over, from <see cref="Steps.OpenProc"/> on.</summary>
    public Slot Proc { get; set; }

    /// <summary>A system call that must succeed.</summary>
    public void Call(int systemCall, params ReadOnlySpan<Arg> args) => Builder.Call(systemCall, args);

    /// <summary>A system call that may fail in named ways; the slot then holds a failure.</summary>
    public Slot Try(int systemCall, ReadOnlySpan<Arg> args, params ReadOnlySpan<Errno> tolerate)
    {
        Slot slot = Builder.NewSlot();
        Builder.Call(systemCall, args, slot, tolerate);
        return slot;
    }

    /// <summary>A system call whose result is used.</summary>
    public Slot Get(int systemCall, params ReadOnlySpan<Arg> args) => Try(systemCall, args);

    /// <summary>openat2 with O_CLOEXEC.</summary>
    public Slot Open(Arg directory, Arg path, long flags, ulong resolve, params ReadOnlySpan<Errno> tolerate) =>
        Try(SystemCall.openat2, [directory, path, How(flags, resolve), OpenHowSize], tolerate);

    /// <summary>Closes descriptors; one whose slot holds a failure is passed over.</summary>
    public void Close(params ReadOnlySpan<Slot> slots)
    {
        foreach (Slot slot in slots)
        {
            Builder.Call(SystemCall.close, [slot], null, Errno.EBADF);
        }
    }

    /// <summary>A detached mount is not needed any more, or only by its descriptor: it goes away with the masks. See <see cref="Steps.PutAside"/>.</summary>
    /// <param name="mount">a directory's or a file's</param>
    /// <param name="place">where among the masks; of the same kind</param>
    /// <param name="result">takes the result; null: it must succeed</param>
    public void PutAside(Slot mount, string place, Slot? result = null)
    {
        Slot masks = Masks ?? throw new InvalidOperationException("a mount is put aside before the masks are mounted");
        ReadOnlySpan<Arg> args = [mount, Empty, masks, Arg.Text(place), MOVE_MOUNT_F_EMPTY_PATH];
        if (result is null)
        {
            Builder.Call(SystemCall.move_mount, args);
        }
        else
        {
            Builder.Call(SystemCall.move_mount, args, result, Errno.EINVAL);
        }
    }

    /// <summary>Makes the calls recorded by <paramref name="body"/> depend on an earlier result, and on nothing else.</summary>
    public void When(Guard guard, Action body)
    {
        Guard? outer = Builder.When;
        Builder.When = guard;
        body();
        Builder.When = outer;
    }

    /// <summary>A new file system as a detached mount.</summary>
    public Slot NewFileSystem(string type, ReadOnlySpan<KeyValuePair<string, string?>> options, ulong attributes)
    {
        Slot context = Get(SystemCall.fsopen, Arg.Text(type), FSOPEN_CLOEXEC);
        foreach ((string key, string? value) in options)
        {
            Call(
                SystemCall.fsconfig,
                context,
                value is null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
                Arg.Text(key),
                value is null ? Arg.Null : Arg.Text(value),
                0);
        }

        Call(SystemCall.fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
        Slot mount = Get(SystemCall.fsmount, context, FSMOUNT_CLOEXEC, (long)attributes);
        Close(context);
        return mount;
    }

    /// <summary>A detached copy of what is mounted at a place.</summary>
    public Slot CloneTree(Arg directory, string path, bool recursive = false) => Get(
        SystemCall.open_tree,
        directory,
        Arg.Text(path),
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));

    /// <summary>mount_setattr on a mount's own descriptor.</summary>
    public void SetAttributes(Arg mount, bool recursive, ulong set, ulong clear, ulong propagation = 0) => Call(
        SystemCall.mount_setattr,
        mount,
        Empty,
        AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
        Arg.Block(Field.U64(set), Field.U64(clear), Field.U64(propagation), Field.U64(0)),
        MOUNT_ATTR_SIZE);

    /// <summary>All that a mount's options say, propagation first.</summary>
    public void Change(Arg mount, MountFlags flags)
    {
        if (flags.Propagation != 0)
        {
            SetAttributes(mount, flags.IsPropagationRecursive, 0, 0, flags.Propagation);
        }

        if ((flags.RecursiveSet | flags.RecursiveClear) != 0)
        {
            SetAttributes(mount, recursive: true, flags.RecursiveSet, flags.RecursiveClear);
        }

        if ((flags.Set | flags.Clear) != 0)
        {
            SetAttributes(mount, recursive: false, flags.Set, flags.Clear);
        }
    }

    /// <summary>Moves a detached mount onto what a descriptor refers to.</summary>
    public void MoveMount(Arg mount, Slot target) => Call(
        SystemCall.move_mount,
        mount,
        Empty,
        target,
        Empty,
        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);

    /// <summary>A place inside the container to mount on, made with its parents when it is missing.</summary>
    /// <remarks>
    /// Every component is resolved again from the root after it was made, inside the root and never through a magic
    /// link. A symbolic link that leads nowhere in the last position of a file becomes the mount point itself, so that
    /// nothing is made where it points.
    /// </remarks>
    public Slot MountPoint(string path, bool isDirectory)
    {
        ulong resolve = TargetPath.Resolve(path);
        string relative = TargetPath.Relative(path);
        Slot target = Open(Root, Arg.Text(relative), O_PATH, resolve, Errno.ENOENT);
        When(target.Failed, () =>
        {
            (Slot parent, string name) = MakeParents(relative, resolve);
            if (isDirectory)
            {
                Builder.Call(
                    SystemCall.mkdirat, [parent, Arg.Text(name), (long)MakeDirectoryMode], null, Errno.EEXIST);
            }
            else
            {
                Builder.Call(
                    SystemCall.mknodat,
                    [parent, Arg.Text(name), (long)(S_IFREG | MakeFileMode), 0],
                    null,
                    Errno.EEXIST);
            }

            Builder.Call(
                SystemCall.openat2,
                [
                    parent,
                    Arg.Text(name),
                    How(O_PATH | O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS),
                    OpenHowSize,
                ],
                target);
            CloseParent(parent);
        });
        return target;
    }

    /// <summary>The directory in which the last component of a path inside the root lies, made when it is missing.</summary>
    /// <remarks>To be let go with <see cref="CloseParent"/>.</remarks>
    public (Slot Parent, string Name) MakeParents(string relative, ulong resolve)
    {
        int last = relative.LastIndexOf('/');
        if (last < 0)
        {
            return (Root, relative);
        }

        Arg path = Arg.Text(relative[..last]);
        Slot parent = Open(Root, path, O_PATH | O_DIRECTORY, resolve, Errno.ENOENT);
        When(parent.Failed, () =>
        {
            MakeEach(relative[..last], resolve);
            Builder.Call(SystemCall.openat2, [Root, path, How(O_PATH | O_DIRECTORY, resolve), OpenHowSize], parent);
        });
        return (parent, relative[(last + 1)..]);
    }

    /// <summary>Makes a directory inside the root and all above it that are missing.</summary>
    private void MakeEach(string relative, ulong resolve)
    {
        Slot above = Root;
        int start = 0;
        for (int slash = relative.IndexOf('/'); ; slash = relative.IndexOf('/', start))
        {
            string name = slash < 0 ? relative[start..] : relative[start..slash];
            Builder.Call(SystemCall.mkdirat, [above, Arg.Text(name), (long)MakeDirectoryMode], null, Errno.EEXIST);
            CloseParent(above);
            if (slash < 0)
            {
                return;
            }

            above = Open(Root, Arg.Text(relative[..slash]), O_PATH | O_DIRECTORY, resolve);
            start = slash + 1;
        }
    }

    /// <summary>Closes a directory of <see cref="MakeParents"/> unless it is the root itself.</summary>
    public void CloseParent(Slot parent)
    {
        if (parent != Root)
        {
            Close(parent);
        }
    }

    /// <summary>Writes a whole short text to a file of the private procfs.</summary>
    public void WriteProc(string path, ReadOnlySpan<byte> text)
    {
        Slot file = Open(
            Proc, Arg.Text(path), O_WRONLY, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
        Call(SystemCall.write, file, Arg.Bytes(text), text.Length);
        Close(file);
    }

    /// <summary>struct open_how, one for each use: calls with the same share it.</summary>
    private Arg How(long flags, ulong resolve)
    {
        if (!_how.TryGetValue((flags, resolve), out Arg how))
        {
            how = Arg.Block(Field.U64((ulong)(flags | O_CLOEXEC)), Field.U64(0), Field.U64(resolve));
            _how.Add((flags, resolve), how);
        }

        return how;
    }
}
