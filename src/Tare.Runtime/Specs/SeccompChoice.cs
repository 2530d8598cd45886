// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Which filter of system calls a container gets.</summary>
internal enum SeccompChoice
{
    /// <summary>Docker's default profile; none for privileged containers.</summary>
    Default,

    /// <summary>None.</summary>
    Unconfined,

    /// <summary>The user's, also for privileged containers.</summary>
    Profile,
}
