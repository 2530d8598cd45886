// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Compression;

/// <summary>Memory or an object of a C library, freed exactly once.</summary>
internal sealed class NativeState : SafeHandle
{
    private readonly Action<nint> _free;

    internal NativeState(nint pointer, Action<nint> free)
        : base(0, ownsHandle: true)
    {
        _free = free;
        SetHandle(pointer == 0 ? throw new LinuxException(Errno.ENOMEM, "allocate") : pointer);
    }

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => IsClosed ? throw new ObjectDisposedException(nameof(Stream)) : handle;

    /// <summary>Zeroed memory, aligned for vector instructions.</summary>
    internal static unsafe NativeState Allocate(int bytes, Action<nint>? end = null)
    {
        const int Alignment = 64;
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(memory, (nuint)bytes);
        return new NativeState((nint)memory, pointer =>
        {
            end?.Invoke(pointer);
            NativeMemory.AlignedFree((void*)pointer);
        });
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
