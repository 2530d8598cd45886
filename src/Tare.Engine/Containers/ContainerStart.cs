// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Starts containers that were made before: <c>start</c>, <c>restart</c>.</summary>
internal sealed class ContainerStart(TareEngine engine, ContainerRow row)
{
    /// <summary>Docker's exit code of a container that could not be prepared for its start.</summary>
    private const int NotPrepared = 128;

    /// <summary>Starts it in the background; one that runs is left alone.</summary>
    /// <exception cref="TareException">it could not be started; it is as it was, and inspect tells why</exception>
    public void Start()
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            if (!IsRunning(now, operation))
            {
                using KeeperSession session = Launch(now, operation, null);
                session.Detach();
            }

            operation.Complete();
        }
    }

    /// <summary>Starts it and stays with it; one that runs is only attached to.</summary>
    /// <param name="streams">the user's side</param>
    /// <exception cref="TareException">it could not be started</exception>
    public RunResult StartAttached(SessionStreams streams)
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            if (IsRunning(now, operation))
            {
                operation.Complete();
                OutputFlags input = streams.Input is null ? OutputFlags.None : OutputFlags.Input;
                return new AttachedRun(engine, now).Attach(streams, OutputFlags.Both | input);
            }

            using KeeperSession session = Launch(now, operation, streams);
            return new AttachedRun(engine, engine.Containers.Find(now.Id.Text) ?? now).Pump(session, streams, operation);
        }
    }

    /// <summary>Stops it when it runs, and starts it; also one with <c>--rm</c> stays.</summary>
    /// <param name="signal">as for <see cref="ContainerSignal.Stop"/></param>
    /// <param name="patience">as for <see cref="ContainerSignal.Stop"/></param>
    public void Restart(int? signal, TimeSpan? patience)
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            if (StatusReader.Read(engine, now).IsLive)
            {
                ContainerSignal.Stop(engine, now, signal, patience);
                Settlement.AwaitKeeper(engine, now.Id);
                Settlement.Record(engine, now, StatusReader.Read(engine, now), mayRemove: false);
                now = engine.Containers.Find(now.Id.Text) ?? now;
            }

            using KeeperSession session = Launch(now, operation, null);
            session.Detach();
            operation.Complete();
        }
    }

    private bool IsRunning(ContainerRow now, Operation operation)
    {
        ContainerStatusKind kind = StatusReader.Read(engine, now).Kind;
        if (kind == ContainerStatusKind.Paused)
        {
            operation.Complete();
            throw new TareException(
                ErrorKind.Conflict, "cannot start a paused container, try unpause instead", $"tare unpause {now.Name}");
        }

        return kind == ContainerStatusKind.Running;
    }

    private KeeperSession Launch(ContainerRow now, Operation operation, SessionStreams? streams)
    {
        using NewKeeper keeper = KeeperClient.Begin(engine.Folders.Run);
        DateTimeOffset at = engine.Clock.GetUtcNow();
        engine.Containers.Begin(now.Id, at);
        now = now with { Started = at };
        CreatedContainer? created = null;
        try
        {
            created = CreatedContainer.Open(engine, now, operation);
            NoteUsers(now, created);
            KeeperSession session =
                new ContainerLaunch(engine, created).Start(keeper, streams, cleansUp: streams is not null);
            created.Undo.Keep();
            return session;
        }
        catch (TareException failure)
        {
            int code = failure is LaunchException launch ? launch.ExitCode : NotPrepared;
            Settlement.Failed(engine, now, code, failure.Message);
            operation.Complete();
            throw;
        }
        catch
        {
            engine.Containers.TakeBack(now.Id);
            throw;
        }
        finally
        {
            // not the operation, which is the caller's
            created?.LetGo();
            created?.Undo.TakeBack();
        }
    }

    /// <summary>A source of a bind may be on another file system than at the last start.</summary>
    private void NoteUsers(ContainerRow now, CreatedContainer created)
    {
        if (created.Record.UserNamespace != created.Users.Document)
        {
            engine.Containers.Describe(now.Id, ContainerJson.Write(created.Record with { UserNamespace = created.Users.Document }));
        }
    }
}
