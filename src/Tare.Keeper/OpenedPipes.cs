// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>The reading ends of a container's output, got back from its processes after its keeper died.</summary>
internal sealed class OpenedPipes : IDisposable
{
    private Fd? _output;
    private Fd? _error;

    /// <param name="state">which pipes</param>
    /// <param name="order">whose processes may have them open</param>
    public OpenedPipes(KeeperState state, KeeperOrder order)
    {
        var cgroup = new Cgroup(order.Cgroups) { HasUnified = order.BornInFirstCgroup };
        IReadOnlyList<int> pids = [state.Process.Pid, .. cgroup.Processes()];
        _output = state.OutputPipe == 0 ? null : OpenPipes.TryOpenReader(state.OutputPipe, pids);
        _error = state.ErrorPipe == 0 ? null : OpenPipes.TryOpenReader(state.ErrorPipe, pids);
    }

    /// <summary>The caller owns it; null: nobody has it open any more.</summary>
    public Fd? TakeOutput()
    {
        Fd? taken = _output;
        _output = null;
        return taken;
    }

    /// <inheritdoc cref="TakeOutput"/>
    public Fd? TakeError()
    {
        Fd? taken = _error;
        _error = null;
        return taken;
    }

    public void Dispose()
    {
        _output?.Dispose();
        _error?.Dispose();
    }
}
