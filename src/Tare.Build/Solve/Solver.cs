// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Build.Cache;
using Tare.Build.Graph;
using Tare.Build.Sources;
using Tare.Build.Steps;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>Runs the vertices of a graph: one task for each, those that do not lead to each other at the same time, the
/// cache first. The first failure stops the others.</summary>
internal sealed class Solver : IDisposable
{
    private readonly SolveContext _context;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _turns;
    private readonly Dictionary<VertexId, Task<VertexResult>> _tasks = [];
    private readonly List<IDisposable> _fetched = [];
    private readonly StepRecords _records;
    private Exception? _first;

    private Solver(SolveContext context, int atOnce, CancellationToken ct)
    {
        _context = context;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _turns = new SemaphoreSlim(atOnce);
        _records = new StepRecords(context, _stop.Token);
    }

    /// <summary>Runs all of them.</summary>
    /// <param name="context">what steps are run with; lent</param>
    /// <param name="vertices">inputs before users</param>
    /// <param name="roots">those that become images: they give file systems, whatever they are</param>
    /// <param name="atOnce">steps that may work at the same time</param>
    /// <param name="ct">stops all</param>
    /// <returns>what each gave</returns>
    /// <exception cref="StepFailure">of the step that failed first; all others have ended by then</exception>
    public static async Task<IReadOnlyDictionary<VertexId, VertexResult>> RunAsync(
        SolveContext context, IReadOnlyList<Vertex> vertices, IReadOnlyList<Vertex> roots, int atOnce, CancellationToken ct)
    {
        using var solver = new Solver(context, atOnce, ct);
        foreach (Vertex vertex in vertices)
        {
            solver._tasks.Add(vertex.Id, solver.StartAsync(vertex));
        }

        try
        {
            await Task.WhenAll(solver._tasks.Values);
        }
        catch (Exception) when (solver._first is not null)
        {
            throw solver._first;
        }

        var results = solver._tasks.ToDictionary(static pair => pair.Key, static pair => pair.Value.Result);
        foreach (Vertex root in roots)
        {
            if (results[root.Id] is VertexResult.Sourced sourced)
            {
                results[root.Id] = solver.Imported(sourced);
            }
        }

        return results;
    }

    public void Dispose()
    {
        _fetched.ForEach(static one => one.Dispose());
        _stop.Dispose();
        _turns.Dispose();
    }

    private async Task<VertexResult> StartAsync(Vertex vertex)
    {
        Task<VertexResult>?[] inputs = [.. vertex.Inputs.Select(input => input is null ? null : _tasks[input.Id])];
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var results = new VertexResult[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            results[i] = inputs[i] is { } input ? await input : VertexResult.Layered.Empty;
        }

        await _turns.WaitAsync(_stop.Token);
        try
        {
            return Run(vertex, results);
        }
        catch (Exception e)
        {
            throw Fail(vertex, e);
        }
        finally
        {
            _turns.Release();
        }
    }

    private VertexResult Run(Vertex vertex, IReadOnlyList<VertexResult> inputs)
    {
        string id = vertex.Id.ToString();
        _stop.Token.ThrowIfCancellationRequested();
        _context.Told(new BuildEvent.Began(id, vertex.Operation is ContextOperation ? "[internal] " + vertex.Name : vertex.Name)
        {
            Inputs = [.. vertex.Inputs.OfType<Vertex>().Select(static input => input.Id.ToString())],
        });
        VertexResult result = vertex.Operation switch
        {
            ImageOperation image => Image(vertex.Id, image),
            ContextOperation context => new VertexResult.Sourced(_ => _context.Context(context), null),
            RemoteFileOperation file => File(vertex.Id, file),
            GitOperation git => Repository(vertex.Id, git),
            MakeFolderOperation folder => Layered(vertex, inputs, folder),
            TransferOperation transfer => Transfer(vertex, inputs, transfer),
            RunOperation run => Process(vertex, inputs, run),
            _ => throw new TareException(ErrorKind.Internal, $"{vertex.Operation.GetType().Name}: no such operation"),
        };
        _context.Told(new BuildEvent.Ended(id));
        return result;
    }

    private VertexResult.Layered Image(VertexId id, ImageOperation operation)
    {
        StoredImage image = _context.Image(operation);
        _context.Cache.Keep(image);
        _context.Used(id, Material.OfImage(operation.Image, operation.Platform));
        _context.Told(new BuildEvent.Cached(id.ToString()));
        return new VertexResult.Layered(image.Layers, false);
    }

    private VertexResult.Sourced File(VertexId id, RemoteFileOperation operation)
    {
        if (operation.Checksum is { } checksum)
        {
            _context.Used(id, Material.OfFile(operation.Url, Digest.Parse(checksum)));
        }

        RemoteFile file = Kept(new RemoteFile(_context, id, operation));
        return new VertexResult.Sourced(file.Open, operation.Checksum);
    }

    private VertexResult.Sourced Repository(VertexId id, GitOperation operation)
    {
        GitFolder folder = Kept(new GitFolder(
            _context.Git, operation.Source, operation.KeepsGitDirectory, operation.Checksum, _stop.Token));
        _context.Used(id, Material.OfRepository(operation.Source.Remote, operation.Source.Ref, folder.Commit.Id));
        return new VertexResult.Sourced(folder.Open, folder.Identity);
    }

    /// <summary>What was fetched is there until the build ends.</summary>
    private T Kept<T>(T fetched)
        where T : IDisposable
    {
        lock (_fetched)
        {
            _fetched.Add(fetched);
        }

        return fetched;
    }

    private VertexResult.Layered Layered(Vertex vertex, IReadOnlyList<VertexResult> inputs, MakeFolderOperation folder)
    {
        VertexResult.Layered root = RootOf(inputs);
        return _records.Take(vertex, root, new StepWork(
            [FolderStep.Key(_context, folder, root)],
            () => OperationFacts.Of(folder, [root.Identity], _context.Time, []),
            () => FolderStep.Run(_context, folder, root, _stop.Token)));
    }

    private VertexResult.Layered Process(Vertex vertex, IReadOnlyList<VertexResult> inputs, RunOperation run)
    {
        VertexResult.Layered root = RootOf(inputs);
        foreach (RunMount mount in run.Mounts.Where(static mount => mount.Kind == Dockerfile.MountKind.Cache))
        {
            _context.Trail?.AddMount(mount.Id ?? mount.Target);
        }

        var step = new RunStep(_context, vertex, run, [root, .. inputs.Skip(1)], _stop.Token);
        return _records.Take(vertex, root, new StepWork([step.Key()], step.Inputs, step.Run));
    }

    private VertexResult.Layered Transfer(Vertex vertex, IReadOnlyList<VertexResult> inputs, TransferOperation transfer)
    {
        VertexResult.Layered root = RootOf(inputs);
        using var step = new TransferStep(_context, transfer, [root, .. inputs.Skip(1)], _stop.Token);
        return _records.Take(vertex, root, new StepWork(step.Keys(), step.Inputs, step.Run));
    }

    /// <summary>What a step changes. A stage that starts from a context has it as its first layer.</summary>
    private VertexResult.Layered RootOf(IReadOnlyList<VertexResult> inputs) => inputs[0] switch
    {
        VertexResult.Layered layered => layered,
        VertexResult.Sourced sourced => Imported(sourced),
        _ => throw new TareException(ErrorKind.Internal, "a root that is no tree of files"),
    };

    /// <summary>The files of a context as a layer of their own.</summary>
    private VertexResult.Layered Imported(VertexResult.Sourced sourced)
    {
        TransferOperation copy = new([new TransferItem(1, "/")], "/");
        using var step = new TransferStep(_context, copy, [VertexResult.Layered.Empty, sourced], _stop.Token);
        string key = step.ContentKey();
        StoredLayer layer = _context.Cache.Find(key)?.Layer ?? step.Run();
        _context.Cache.Add([key], "FROM a context", layer);
        return new VertexResult.Layered([layer], true);
    }

    private Exception Fail(Vertex vertex, Exception cause)
    {
        Exception told = cause switch
        {
            StepFailure or OperationCanceledException => cause,
            TareException e => Failure(vertex, e.Kind, e.Message, e.Hint, e),
            LinuxException e => Failure(
                vertex, e.Errno is Errno.ENOSPC or Errno.EDQUOT ? ErrorKind.ResourceExhausted : ErrorKind.Unavailable, e.Message, null, e),
            CompressionException e => Failure(vertex, ErrorKind.Corrupt, e.Message, null, e),
            _ => cause,
        };
        bool isFirst = Interlocked.CompareExchange(ref _first, told, null) is null;
        _context.Told(new BuildEvent.Failed(vertex.Id.ToString(), told.Message, !isFirst || told is OperationCanceledException));
        _stop.Cancel();
        return told;
    }

    private static StepFailure Failure(Vertex vertex, ErrorKind kind, string message, string? hint, Exception inner) =>
        new(kind, message, hint, inner) { Step = vertex.Name, Range = vertex.Range };
}
