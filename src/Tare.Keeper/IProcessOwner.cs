// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Hears what happens to a process that is kept: in this order started or failed, output, ended.</summary>
internal interface IProcessOwner
{
    void Started(KeptProcess process);

    /// <summary>It never ran; nothing follows.</summary>
    void Failed(KeptProcess process, LaunchFailure failure);

    /// <summary>The bytes are valid during the call.</summary>
    void Wrote(KeptProcess process, FrameKind kind, ReadOnlySpan<byte> bytes);

    /// <summary>It has ended; what it wrote last is still to be had with <see cref="KeptProcess.Drain"/>.</summary>
    void Ended(KeptProcess process, ExitStatus status);
}
