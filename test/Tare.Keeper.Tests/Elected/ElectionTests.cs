// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Elected;
using Tare.Keeper.Tests.Names;
using Tare.Linux.Files;

namespace Tare.Keeper.Tests.Elected;

/// <summary>Several keepers in one process: the lock belongs to the open file, so they exclude each other as processes do.</summary>
public sealed class ElectionTests : IDisposable
{
    private readonly NameFolder _run = new();
    private readonly LoopThread _thread = new();
    private readonly List<Election> _elections = [];

    public ElectionTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "a keeper is root's");

    public void Dispose()
    {
        _thread.Do(() => _elections.ForEach(static each => each.Dispose()));
        _elections.ForEach(static each => each.Dispose());
        _thread.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Who_begins_first_wins_and_says_who_it_is()
    {
        Election first = Begin();
        _thread.Until(() => first.IsWon);
        Election second = Begin();

        (ElectedState State, bool IsAlive) found = ElectedState.TryRead(_run.Fd)!.Value;
        Assert.True(found.IsAlive);
        Assert.Equal(Environment.ProcessId, found.State.Keeper.Pid);
        Assert.True(found.State.Keeper.IsAlive);
        Assert.False(_thread.Do(() => second.IsWon));
    }

    [Fact]
    public void Nobody_is_elected_before_somebody_begins_and_after_the_last_is_gone()
    {
        Assert.Null(ElectedState.TryRead(_run.Fd));
        Election only = Begin();
        _thread.Until(() => only.IsWon);

        _thread.Do(only.Dispose);

        Assert.False(ElectedState.TryRead(_run.Fd)!.Value.IsAlive);
        Election next = Begin();
        _thread.Until(() => next.IsWon);
    }

    /// <summary>The process that the file names has ended: the file is no reason to wait.</summary>
    [Fact]
    public void What_a_dead_one_left_is_in_nobodys_way()
    {
        byte[] dead = new ElectedState(new(int.MaxValue, 1), 53).Encode();
        AtomicFile.Write(_run.Fd, ElectedState.FileName, dead, durable: false);

        Election election = Begin();

        _thread.Until(() => election.IsWon);
        Assert.Equal(Environment.ProcessId, ElectedState.TryRead(_run.Fd)!.Value.State.Keeper.Pid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    public void A_file_that_is_cut_names_nobody(int length)
    {
        byte[] whole = new ElectedState(new(7, 77), 53).Encode();
        AtomicFile.Write(_run.Fd, ElectedState.FileName, whole.AsSpan(0, length), durable: false);

        Assert.Null(ElectedState.TryRead(_run.Fd));
    }

    private Election Begin() => _thread.Do(() =>
    {
        var election = new Election(_thread.Loop, new(_run.Path("")[..^1], "tare-none", "127.53.255.255", []), new byte[8192]);
        _elections.Add(election);
        election.Begin();
        return election;
    });
}
