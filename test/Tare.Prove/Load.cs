// SPDX-License-Identifier: Apache-2.0
namespace Tare.Prove;

/// <summary>Threads that keep the garbage collector and malloc busy while others launch.</summary>
internal sealed class Load : IDisposable
{
    private readonly List<Thread> _threads = [];
    private volatile bool _stop;
    private long _allocations;

    public Load(string mode)
    {
        if (mode is "stress" or "collect")
        {
            Start(Allocate);
            Start(Allocate);
            Start(mode == "collect" ? Collect : CollectNowAndThen);
        }
    }

    public long Allocations => Interlocked.Read(ref _allocations);

    public void Dispose()
    {
        _stop = true;
        _threads.ForEach(thread => thread.Join());
    }

    private void Start(ThreadStart body)
    {
        var thread = new Thread(body) { IsBackground = true };
        thread.Start();
        _threads.Add(thread);
    }

    private void Allocate()
    {
        var kept = new byte[64][];
        for (int i = 0; !_stop; i++)
        {
            kept[i & 63] = new byte[100 + (i & 4095)];
            Interlocked.Increment(ref _allocations);
        }
    }

    private void CollectNowAndThen()
    {
        for (int i = 1; !_stop; i++)
        {
            Collect(i);
            Thread.Sleep(1);
        }
    }

    private void Collect()
    {
        for (int i = 1; !_stop; i++)
        {
            Collect(i);
        }
    }

    /// <summary>Forced collections promote what lives, so the older generations need their turn or memory grows.</summary>
    private static void Collect(int turn) => GC.Collect(turn % 256 == 0 ? 2 : turn % 8 == 0 ? 1 : 0);
}
