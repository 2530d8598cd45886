// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>Which descriptors a keeper hands to every launch program, before those that its starter adds.</summary>
/// <remarks>The agreement between the plan, which names them, and the keeper, which makes them.</remarks>
internal static class StandardGiven
{
    /// <summary>Read end of a pipe, the container's terminal, or /dev/null.</summary>
    public const int Stdin = 0;

    /// <summary>Write end of a pipe, or the container's terminal.</summary>
    public const int Stdout = 1;

    /// <summary>Write end of a pipe, or the container's terminal.</summary>
    public const int Stderr = 2;

    /// <summary>With a terminal: the detached devpts mount that it lives in, to be moved to /dev/pts; else not given.</summary>
    public const int TerminalMount = 3;

    /// <summary>The first descriptor of the starter.</summary>
    public const int First = 4;
}
