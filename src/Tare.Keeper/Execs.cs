// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>The processes that were exec'ed into the container: children of this keeper, whoever asked for them.</summary>
internal sealed class Execs : IProcessOwner, IDisposable
{
    private const int MaxRunning = 1024;
    private const int MaxRemembered = 64;

    private readonly Loop _loop;
    private readonly Clients _clients;
    private readonly Cgroup _cgroup;
    private readonly byte[] _buffer;
    private readonly Dictionary<ExecId, KeptProcess> _running = [];
    private readonly Queue<(ExecId Id, ExitReport Exit)> _ended = new();

    /// <param name="loop">lent</param>
    /// <param name="clients">are told</param>
    /// <param name="cgroup">the container's</param>
    /// <param name="buffer">for reading output</param>
    public Execs(Loop loop, Clients clients, Cgroup cgroup, byte[] buffer) =>
        (_loop, _clients, _cgroup, _buffer) = (loop, clients, cgroup, buffer);

    /// <summary>Null when it has ended or never was.</summary>
    public KeptProcess? Find(ExecId id) => _running.GetValueOrDefault(id);

    /// <summary>Ids of those that run, one behind the other, as many as fit into a frame.</summary>
    public byte[] Ids() => [.. _running.Keys.Take(Protocol.MaxPayload / ExecId.Bytes).SelectMany(id => id.Encode())];

    /// <summary>How one of the last to end ended; null for others.</summary>
    public ExitReport? ExitOf(ExecId id)
    {
        foreach ((ExecId ended, ExitReport exit) in _ended)
        {
            if (ended == id)
            {
                return exit;
            }
        }

        return null;
    }

    /// <summary>Starts what the client's descriptors say; the client hears Started or Failed.</summary>
    /// <param name="client">from now on speaks for the new process</param>
    /// <param name="id">drawn by the client</param>
    /// <param name="main">the container's first process</param>
    public void Start(Client client, ExecId id, KeptProcess? main)
    {
        List<Fd> fds = [.. client.Fds];
        client.Fds.Clear();
        client.Target = null;
        try
        {
            if (main is not { Runs: true } || _running.Count >= MaxRunning || _running.ContainsKey(id))
            {
                throw new LinuxException(main is { Runs: true } ? Errno.EAGAIN : Errno.ESRCH, "exec");
            }

            KeptProcess process = Launch(fds, main);
            _running.Add(id, process);
            client.Target = process;
            client.Holds = process.Order.AttachStarter;
            client.Types = process.Order.OpenInput;
            client.Sees = process.Order.AttachStarter ? OutputFlags.Both : OutputFlags.None;
        }
        catch (LinuxException refused)
        {
            Refuse(client, new(refused.Errno, -1, -1, refused.Message));
        }
        catch (FormatException damaged)
        {
            Refuse(client, new(Errno.EINVAL, -1, -1, damaged.Message));
        }
        finally
        {
            fds.ForEach(fd => fd.Dispose());
        }
    }

    /// <summary>When the container's first process has ended, all others have: tells of those whose end is not known yet.</summary>
    public void LookAtAll() => _running.Values.ToList().ForEach(process => process.Look());

    public void Started(KeptProcess process)
    {
        Span<byte> pid = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(pid, process.Pid);
        _clients.Tell(process, FrameKind.Started, pid);
    }

    public void Failed(KeptProcess process, LaunchFailure failure)
    {
        _clients.Tell(
            process, FrameKind.Failed, new KeeperFailure(failure.Error, failure.Step, failure.Call, string.Empty).Encode());
        Remove(process);
    }

    public void Wrote(KeptProcess process, FrameKind kind, ReadOnlySpan<byte> bytes) =>
        _clients.Publish(process, kind, bytes);

    public void Ended(KeptProcess process, ExitStatus status)
    {
        process.Drain();
        var exit = new ExitReport(status, false, ExitReport.Now());
        _clients.Tell(process, FrameKind.Exited, exit.Encode());
        _ended.Enqueue((IdOf(process), exit));
        if (_ended.Count > MaxRemembered)
        {
            _ended.Dequeue();
        }

        Remove(process);
    }

    public void Dispose() => _running.Values.ToList().ForEach(Remove);

    private KeptProcess Launch(List<Fd> fds, KeptProcess main)
    {
        OrderBytes.Require(fds.Count > 0 && MemoryFile.IsSealed(fds[0]), "exec");
        ProcessOrder order = ProcessOrderCodec.Decode(fds[0].ReadAll(ProcessOrderCodec.MaxBytes));
        int own = order.Terminal ? 2 : 1;
        OrderBytes.Require(fds.Count >= own && order.Namespaces == CloneFlags.None, "exec");
        using Fd? cgroup = _cgroup.BirthPlace(main.Pid) is { } place
            ? HostPath.Open(place, OpenFlags.Path | OpenFlags.Directory)
            : null;
        var birth = new Birth(fds[own..], cgroup, main.Pidfd);
        return KeptProcess.Launch(
            _loop, this, order, Stdio.ForExec(order, order.Terminal ? fds[1] : null), birth, _buffer);
    }

    private static void Refuse(Client client, KeeperFailure failure) =>
        client.Writer.Add(FrameKind.Failed, failure.Encode());

    private ExecId IdOf(KeptProcess process) => _running.First(running => running.Value == process).Key;

    private void Remove(KeptProcess process)
    {
        _running.Remove(IdOf(process));
        _clients.Retarget(process, null);
        process.Dispose();
    }
}
