// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>What happened on a disk: bytes written there, or all that was written until now made durable.</summary>
/// <param name="Offset">of the first byte; -1 for a flush</param>
/// <param name="Bytes">what was written</param>
internal readonly record struct BlockEvent(long Offset, byte[] Bytes)
{
    public static readonly BlockEvent Flush = new(-1, []);

    public bool IsFlush => Offset < 0;
}

/// <summary>The writes and flushes of a disk in the order in which it acknowledged them.</summary>
/// <remarks>A disk may keep what it acknowledged in volatile memory until a flush. Thread-safe.</remarks>
/// <param name="before">the disk's content before the first of them</param>
internal sealed class BlockLog(byte[] before)
{
    private readonly List<BlockEvent> _events = [];

    /// <summary>The content before the first event; not to be changed.</summary>
    public byte[] Before => before;

    /// <summary>How many events there are: a moment in the disk's life.</summary>
    public int Now
    {
        get
        {
            lock (_events)
            {
                return _events.Count;
            }
        }
    }

    /// <summary>Of a disk at rest.</summary>
    public IReadOnlyList<BlockEvent> Events => _events;

    public void Add(BlockEvent happened)
    {
        lock (_events)
        {
            _events.Add(happened);
        }
    }
}
