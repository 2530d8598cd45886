// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Configuration;
using Tare.Images.Store;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Makes a container and starts it: <c>run</c>; or only makes it: <c>create</c>.</summary>
/// <remarks>
/// Until it runs a failure takes everything back. From then on the keeper answers for the container: should this process
/// die, the keeper has <c>tare</c> settle it.
/// </remarks>
internal sealed class ContainerRun(TareEngine engine, RunRequest asked)
{
    private readonly RunRequest _request = engine.Configuration.Complete(asked);

    /// <summary>Makes the container; it does not run yet.</summary>
    /// <exception cref="MissingImageException">nothing was made; the image may be fetched</exception>
    public ContainerId Create()
    {
        StoredImage image = ImageChoice.Find(engine.Images, _request);
        using Fd? cidFile = CreateCidFile();
        using CreatedContainer created = new ContainerCreation(engine, _request).Create(image, startsAt: null);
        created.Undo.Keep();
        cidFile?.Write(Encoding.ASCII.GetBytes(created.Row.Id.Text));
        return created.Row.Id;
    }

    /// <summary>Runs until the container has ended or the user has detached.</summary>
    /// <param name="streams">the user's side; a null stream is not connected</param>
    /// <exception cref="MissingImageException">nothing was made; the image may be fetched</exception>
    /// <exception cref="TareException">the container could not be made; nothing of it is left</exception>
    public RunResult Run(SessionStreams streams) => Run(streams, made: null);

    /// <summary>Runs it in the background: returns when it runs.</summary>
    /// <param name="made">told the id, also when the start fails and the container stays</param>
    public RunResult RunDetached(Action<ContainerId> made) => Run(null, made);

    private RunResult Run(SessionStreams? streams, Action<ContainerId>? made)
    {
        // born now, on another CPU, while this one makes the container
        using NewKeeper keeper = KeeperClient.Begin(engine.Folders.Run);
        StoredImage image = ImageChoice.Find(engine.Images, _request);
        using Fd? cidFile = CreateCidFile();
        using CreatedContainer created = new ContainerCreation(engine, _request).Create(image, engine.Clock.GetUtcNow());
        cidFile?.Write(Encoding.ASCII.GetBytes(created.Row.Id.Text));
        made?.Invoke(created.Row.Id);
        KeeperSession session;
        try
        {
            session = new ContainerLaunch(engine, created).Start(keeper, streams, cleansUp: streams is not null);
        }
        catch (LaunchException failure)
        {
            return NeverRan(created, failure);
        }

        using (session)
        {
            created.Undo.Keep();
            if (streams is null)
            {
                session.Detach();
                return new(0);
            }

            return new AttachedRun(engine, created.Row).Pump(session, streams, created.Operation);
        }
    }

    private RunResult NeverRan(CreatedContainer created, LaunchException failure)
    {
        if (!_request.AutoRemove)
        {
            created.Undo.Keep();
            Settlement.Failed(engine, created.Row, failure.ExitCode, failure.Message);
        }

        return new(failure.ExitCode, failure.Message, failure.Hint);
    }

    private Fd? CreateCidFile()
    {
        if (_request.CidFile is not { } path)
        {
            return null;
        }

        try
        {
            return HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0b110_100_100);
        }
        catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
        {
            throw new TareException(
                ErrorKind.AlreadyExists,
                $"container ID file found, make sure the other container isn't running or delete {path}");
        }
    }
}
