// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tare.Linux.Files;

namespace Tare.Keeper.Tests;

/// <summary>A keeper's loop that turns on a thread of its own, as it does in a keeper; all of its objects live there.</summary>
internal sealed class LoopThread : IDisposable
{
    private readonly BlockingCollection<Action> _wishes = [];
    private readonly EventFd _wake = new();
    private readonly Thread _thread;
    private bool _isOver;
    private int _turns;

    public LoopThread()
    {
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Loop Loop { get; } = new();

    /// <summary>How often it has turned: one that spins for nothing shows here.</summary>
    public int Turns => Volatile.Read(ref _turns);

    /// <summary>Does it between two turns and waits until it is done.</summary>
    public T Do<T>(Func<T> wish)
    {
        using var done = new ManualResetEventSlim();
        (T? result, Exception? error) = (default, null);
        _wishes.Add(() =>
        {
            error = Record.Exception(() => { result = wish(); });
            done.Set();
        });
        _wake.Signal();
        Assert.True(done.Wait(TimeSpan.FromSeconds(20)), "the loop hangs");
        return error is null ? result! : throw error;
    }

    public void Do(Action wish) => Do(() =>
    {
        wish();
        return 0;
    });

    /// <summary>Waits until it holds.</summary>
    public void Until(Func<bool> holds)
    {
        for (int i = 0; i < 2000 && !Do(holds); i++)
        {
            Thread.Sleep(5);
        }

        Assert.True(Do(holds));
    }

    public void Dispose()
    {
        Do(() => _isOver = true);
        _thread.Join();
        Loop.Dispose();
        _wake.Dispose();
        _wishes.Dispose();
    }

    private void Run()
    {
        Loop.Watch(_wake.Fd, _ =>
        {
            _wake.Take();
            while (_wishes.TryTake(out Action? wish))
            {
                wish();
            }
        }).Wanted = EpollEvents.Readable;
        while (!_isOver)
        {
            Loop.Turn();
            _turns++;
        }
    }
}
