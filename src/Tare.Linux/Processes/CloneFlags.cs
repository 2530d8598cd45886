// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>New namespaces of a launched process.</summary>
/// <remarks>man clone(2)</remarks>
[Flags]
internal enum CloneFlags : ulong
{
    None = 0,

    /// <summary>CLONE_NEWTIME</summary>
    NewTime = 0x80,

    /// <summary>CLONE_NEWNS</summary>
    NewMount = 0x20000,

    /// <summary>CLONE_NEWCGROUP</summary>
    NewCgroup = 0x02000000,

    /// <summary>CLONE_NEWUTS</summary>
    NewUts = 0x04000000,

    /// <summary>CLONE_NEWIPC</summary>
    NewIpc = 0x08000000,

    /// <summary>CLONE_NEWUSER</summary>
    NewUser = 0x10000000,

    /// <summary>CLONE_NEWPID</summary>
    NewPid = 0x20000000,

    /// <summary>CLONE_NEWNET</summary>
    NewNetwork = 0x40000000,
}
