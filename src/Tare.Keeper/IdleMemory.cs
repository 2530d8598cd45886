// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>Gives memory back once a keeper has come to rest: most keepers do nothing for most of their lives.</summary>
/// <remarks>
/// What a start or an exec leaves behind is a few hundred kilobytes that the collector would keep until they are used
/// again, which may be never. A container that is over in an instant is not bothered.
/// </remarks>
internal sealed class IdleMemory
{
    private const long WorthIt = 64 * 1024;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private long _clean;
    private bool _isDirty = true;

    /// <summary>How long to wait for events; null: for ever.</summary>
    public TimeSpan? Patience => _isDirty ? Quiet : null;

    /// <param name="isQuiet">the time was over, and nothing had happened</param>
    public void After(bool isQuiet)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (isQuiet && _isDirty)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _isDirty = false;
            _clean = allocated;
        }
        else
        {
            _isDirty |= allocated - _clean > WorthIt;
        }
    }
}
