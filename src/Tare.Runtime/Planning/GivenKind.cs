// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>What a descriptor is that the starter hands over.</summary>
internal enum GivenKind
{
    /// <summary>Read end of a pipe, the container's terminal, or /dev/null.</summary>
    Stdin,

    /// <summary>Write end of a pipe, or the container's terminal.</summary>
    Stdout,

    /// <summary>Write end of a pipe, or the container's terminal.</summary>
    Stderr,

    /// <summary>The detached devpts mount in which the terminal lives; a position without a descriptor otherwise.</summary>
    TerminalMount,

    /// <summary>The container's root file system as a detached mount; attached once, so opened anew for each start.</summary>
    Rootfs,

    /// <summary>The file of a cgroup to which <c>0</c> is written to join it.</summary>
    Cgroup,

    /// <summary>A namespace to join.</summary>
    Namespace,

    /// <summary>
    /// A detached mount for a bind: open_tree(OPEN_TREE_CLONE), with AT_RECURSIVE for <c>rbind</c>, made in the
    /// starter's mount namespace because the kernel copies only mounts of the caller's own.
    /// </summary>
    Bind,

    /// <summary>A detached mount of the container's own directory in one cgroup v1 hierarchy, made as for a bind.</summary>
    CgroupTree,

    /// <summary>
    /// A detached tmpfs that the starter has made and filled: see <see cref="GivenFd.Nodes"/>, <see cref="GivenFd.CopiesUp"/>.
    /// </summary>
    Tmpfs,

    /// <summary>A detached tmpfs of the starter's making with what covers masked paths, see <see cref="Steps.OpenMasks"/>.</summary>
    Masks,

    /// <summary>A detached mount that was needed to make others and is not any more, see <see cref="Steps.PutAside"/>.</summary>
    Aside,

    /// <summary>A detached mount of a device node of the host's, made as for a bind; the path is that inside too.</summary>
    Device,

    /// <summary>A pipe from which the word to go on is read.</summary>
    Go,

    /// <summary>The end of that pipe which is the starter's; see <see cref="Steps.LetGoOfStarter"/>.</summary>
    GoEnd,

    /// <summary>A pipe to which a byte is written when the process is complete and waits to be started.</summary>
    Tell,

    /// <summary>The fifo from which the word to start is read; open both ways, so that it never ends.</summary>
    Gate,

    /// <summary>A pipe from which the word comes that the network is complete.</summary>
    NetworkGate,

    /// <summary>The pidfd of the first process of the container that is entered.</summary>
    Container,

    /// <summary>The root directory of a container's first process while that is the host's still.</summary>
    HostRoot,
}
