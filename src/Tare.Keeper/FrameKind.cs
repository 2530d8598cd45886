// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>What a frame carries; the numbers are part of the protocol and never change their meaning.</summary>
internal enum FrameKind : byte
{
    /// <summary>Keeper, first frame: version (4), flags (1: terminal, 2: input is open), pid of the container or 0 (4).</summary>
    Greeting = 1,

    /// <summary>Keeper: the container runs; its pid (4).</summary>
    Started = 2,

    /// <summary>Keeper, last frame: errno (4), step (4), call (4), text.</summary>
    Failed = 3,

    /// <summary>Keeper: bytes of standard output, or of the terminal.</summary>
    Stdout = 4,

    /// <summary>Keeper: bytes of standard error.</summary>
    Stderr = 5,

    /// <summary>Keeper: that many bytes of input (4) have reached the container.</summary>
    InputTaken = 6,

    /// <summary>Keeper, last frame: an <see cref="ExitReport"/>. Output that the container left comes before it.</summary>
    Exited = 7,

    /// <summary>Keeper: the frame of that kind (1) was carried out, or not: errno (4).</summary>
    Answer = 8,

    /// <summary>Client: wants to see output from now on; flags (1: stdout, 2: stderr).</summary>
    Attach = 32,

    /// <summary>Client: bytes for standard input, within <see cref="Protocol.InputWindow"/>.</summary>
    Stdin = 33,

    /// <summary>Client: no more input comes.</summary>
    StdinEnd = 34,

    /// <summary>Client: rows (2), columns (2) of the terminal.</summary>
    Resize = 35,

    /// <summary>Client: signal for the container's main process (4).</summary>
    Signal = 36,

    /// <summary>Client: goes away on purpose; input stays open, and the keeper cleans up at the end.</summary>
    Detach = 37,

    /// <summary>Client: cannot take output any more; flags (1: stdout, 2: stderr). A starter's ends the pipe itself.</summary>
    OutputGone = 38,
}
