// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>One connection to this keeper.</summary>
/// <param name="socket">owned; non-blocking</param>
/// <param name="isStarter">the process that started the container</param>
internal sealed class Client(Fd socket, bool isStarter)
{
    public Fd Socket => socket;

    /// <summary>It started the container itself, or adopted it.</summary>
    public bool IsStarter => isStarter;

    /// <summary>The process that it speaks for; null before there is one.</summary>
    public KeptProcess? Target { get; set; }

    /// <summary>It started <see cref="Target"/>, whose output waits for it.</summary>
    public bool Holds { get; set; }

    public FrameReader Reader { get; } = new();

    public FrameWriter Writer { get; } = new();

    /// <summary>Came with frames that were not read yet; owned.</summary>
    public List<Fd> Fds { get; } = [];

    public Watch? Watch { get; set; }

    /// <summary>Output that the client wants.</summary>
    public OutputFlags Sees { get; set; }

    /// <summary>It sends input: when it has gone, input that ends once has ended.</summary>
    public bool Types { get; set; }

    /// <summary>It wants to know when the log grows.</summary>
    public bool Follows { get; set; }

    /// <summary>The log has grown, and it has not been told.</summary>
    public bool HasNews { get; set; }

    /// <summary>Bytes of input that the container has not taken yet.</summary>
    public int UntakenInput { get; set; }

    /// <summary>Left on purpose: its end is not the end of input.</summary>
    public bool HasDetached { get; set; }

    /// <summary>The connection is closed; what still refers to the client leaves it alone.</summary>
    public bool IsGone { get; set; }

    public void TakeInput(int bytes)
    {
        if (!IsGone && bytes > 0)
        {
            Span<byte> payload = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(payload, bytes);
            Writer.Add(FrameKind.InputTaken, payload);

            // this may be far from whoever flushes the client, so the loop shall
            Watch!.Wanted |= EpollEvents.Writable;
        }
    }

    public void Answer(FrameKind kind, Errno error)
    {
        Span<byte> payload = stackalloc byte[8];
        payload.Clear();
        payload[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(payload[4..], (int)error);
        Writer.Add(FrameKind.Answer, payload);
    }

    /// <summary>Closes what came along and nobody took.</summary>
    public void DropFds()
    {
        Fds.ForEach(fd => fd.Dispose());
        Fds.Clear();
    }
}
