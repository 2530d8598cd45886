// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Gives memory back a moment after a start or an exec: most keepers do nothing for most of their lives.</summary>
/// <remarks>
/// What a start leaves behind is a few hundred kilobytes that collector and heap would keep until they are used again,
/// which may be never. A container that is over in an instant is not bothered.
/// </remarks>
internal sealed class IdleMemory
{
    private const long WorthIt = 128 * 1024;
    private const long MomentMilliseconds = 1000;

    private long _clean;
    private long _dirtyAt = Environment.TickCount64;
    private bool _isDirty = true;

    /// <summary>How long to wait for events; null: for ever.</summary>
    public TimeSpan? Patience => _isDirty ? TimeSpan.FromMilliseconds(MomentMilliseconds) : null;

    /// <summary>Call it after each turn of the loop.</summary>
    public void Look()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (!_isDirty && allocated - _clean > WorthIt)
        {
            _isDirty = true;
            _dirtyAt = Environment.TickCount64;
        }
        else if (_isDirty && Environment.TickCount64 - _dirtyAt >= MomentMilliseconds)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            OwnProcess.TrimHeap();
            _isDirty = false;
            _clean = allocated;
        }
    }

    /// <summary>A buffer that stays where it is: only the pages that are used ever cost memory.</summary>
    public static byte[] Buffer(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
}
