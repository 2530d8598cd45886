// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Runtime.Starting;

/// <summary>How a process that is being made and its starter wait for each other.</summary>
/// <param name="fifo">what a created process waits at, open both ways; owned from now on. Null: it does not wait</param>
internal sealed class Handshake(Fd? fifo = null) : IDisposable
{
    private readonly Pipe _tells = new();
    private readonly Pipe _goes = new();
    private Fd? _end;

    /// <summary>Given to the process: what it tells with.</summary>
    public Fd Tell => _tells.Writer;

    /// <summary>Given to the process: what it is told by.</summary>
    public Fd Go => _goes.Reader;

    /// <summary>Given to the process to be closed there, and to the caller to be closed here after <see cref="Begin"/>.</summary>
    public Fd GoEnd => _goes.Writer;

    /// <summary>Given to a process that is created only.</summary>
    public Fd? Fifo => fifo;

    /// <summary>After the launch: each of the two has its own ends alone from now on, so that the other's end is noticed.</summary>
    public void Begin()
    {
        // a copy that the process does not have
        _end = _goes.Writer.Duplicate();
        _goes.Writer.Dispose();
        _tells.Writer.Dispose();
        _goes.Reader.Dispose();
    }

    /// <summary>True when the process has told; false when it has ended without. Waits for one of the two.</summary>
    public bool WaitTold()
    {
        Span<byte> word = stackalloc byte[1];
        return _tells.Reader.Read(word) == 1;
    }

    /// <summary>Lets a process go on that waits.</summary>
    public void LetGo() => _end!.Write("/"u8);

    public void Dispose()
    {
        _tells.Dispose();
        _goes.Dispose();
        _end?.Dispose();
        fifo?.Dispose();
    }
}
