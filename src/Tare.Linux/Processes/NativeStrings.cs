// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>A <c>char *[]</c> outside the managed heap, for the length of one call.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    /// <summary>Takes elements that already end with a NUL.</summary>
    public NativeStrings(IReadOnlyList<byte[]> terminated)
    {
        int array = (terminated.Count + 1) * sizeof(byte*);
        Start = (byte**)NativeMemory.Alloc((nuint)(array + terminated.Sum(text => text.Length)));
        byte* next = (byte*)Start + array;
        for (int i = 0; i < terminated.Count; i++)
        {
            // SAFETY: the room was counted above
            terminated[i].CopyTo(new Span<byte>(next, terminated[i].Length));
            Start[i] = next;
            next += terminated[i].Length;
        }

        Start[terminated.Count] = null;
    }

    public byte** Start { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Start);
        Start = null;
    }
}
