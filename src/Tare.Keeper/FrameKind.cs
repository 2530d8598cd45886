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

    /// <summary>Keeper: the log has grown since the last such frame; for who asked with <see cref="Follow"/>.</summary>
    LogGrew = 9,

    /// <summary>Keeper: the <see cref="ExecId"/> (32) of each exec'ed process that runs.</summary>
    ExecIds = 10,

    /// <summary>Keeper, for a starter that asked for it: the process is there and is being made; its pid (4).</summary>
    Born = 11,

    /// <summary>Client: wants to see output from now on; flags (1: stdout, 2: stderr, 4: it will send input).</summary>
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

    /// <summary>
    /// Client, with descriptors (a sealed <see cref="ProcessOrder"/>, then what its program is given): start this
    /// process inside the container; its <see cref="ExecId"/> (32). From then on the connection speaks for it: it is
    /// told Started or Failed, and Exited.
    /// </summary>
    Exec = 39,

    /// <summary>Client: from now on this connection speaks for the exec'ed process of this id (32); ENOENT: no such.</summary>
    Select = 40,

    /// <summary>Client: limits of the log: bytes of a file (8), files (4).</summary>
    Update = 41,

    /// <summary>Client: wants <see cref="LogGrew"/> from now on.</summary>
    Follow = 42,

    /// <summary>Client: wants <see cref="ExecIds"/>.</summary>
    ListExecs = 43,

    /// <summary>
    /// Client, with descriptors (a sealed <see cref="ServeOrder"/>, then the sockets that it numbers from 0): serve this
    /// on the network from now on. ENOENT: it names a socket that is neither here nor there.
    /// </summary>
    Serve = 44,
}
