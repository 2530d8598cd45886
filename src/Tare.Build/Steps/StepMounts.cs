// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Ssh;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>What <c>RUN --mount</c> wants, made ready; Dispose takes it away again.</summary>
/// <remarks>Stages and images are shown where they are. Files of contexts are copied to a scratch folder: so they are what the
/// ignore file leaves, have the owners that they would have after COPY, and a writer changes nobody's. Secrets stand in memory alone.</remarks>
internal sealed class StepMounts : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private const uint Executable = 0b111_101_101;
    private const uint AgentMode = 0b110_000_000;
    private const string DefaultAgentTarget = "/run/buildkit/ssh_agent.";

    private readonly SolveContext _context;
    private readonly IReadOnlyList<VertexResult> _inputs;
    private readonly CancellationToken _ct;
    private readonly List<StepMount> _mounts = [];
    private readonly List<string> _variables = [];
    private readonly List<CacheFolder> _caches = [];
    private readonly List<AgentSocket> _agents = [];
    private readonly List<byte[]> _live = [];
    private StepFolder? _folder;
    private int _count;

    private StepMounts(SolveContext context, IReadOnlyList<VertexResult> inputs, CancellationToken ct) =>
        (_context, _inputs, _ct) = (context, inputs, ct);

    public IReadOnlyList<StepMount> Mounts => _mounts;

    /// <summary>Variables that secrets and agents bring; never part of a key.</summary>
    public IReadOnlyList<string> Variables => _variables;

    /// <exception cref="TareException">NotFound: a required secret or a source is not there</exception>
    public static StepMounts Make(
        SolveContext context, RunOperation operation, IReadOnlyList<VertexResult> inputs, CancellationToken ct)
    {
        var mounts = new StepMounts(context, inputs, ct);
        try
        {
            foreach (RunMount mount in operation.Mounts)
            {
                mounts.Add(mount);
            }

            if (operation.Script is { } script)
            {
                mounts._mounts.Add(new StepMount(mounts.Keep(Encoding.UTF8.GetBytes(script.Content), Executable, 0, 0), script.Path) { IsReadOnly = true });
            }

            return mounts;
        }
        catch
        {
            mounts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _agents.ForEach(static agent => agent.Dispose());
        _caches.ForEach(static cache => cache.Dispose());
        _folder?.Dispose();
        foreach (byte[] name in _live)
        {
            _context.Live.TryUnlink(name);
        }
    }

    private void Add(RunMount mount)
    {
        switch (mount.Kind)
        {
            case MountKind.Bind:
                VertexResult.Layered? view = InPlace(mount);
                _mounts.Add(new StepMount(view is null ? Copied(mount) : mount.Source, mount.Target, view) { IsReadOnly = mount.IsReadOnly });
                break;
            case MountKind.Cache:
                _mounts.Add(new StepMount(Cache(mount), mount.Target) { IsReadOnly = mount.IsReadOnly });
                break;
            case MountKind.Tmpfs:
                _mounts.Add(new StepMount(null, mount.Target) { Size = mount.Size });
                break;
            case MountKind.Secret:
                Secret(mount);
                break;
            case MountKind.Ssh:
                Agent(mount);
                break;
        }
    }

    /// <summary>A file system of the build, which the process sees where it is; null: its files have to be copied.</summary>
    private VertexResult.Layered? InPlace(RunMount mount)
    {
        if (mount.Input is not { } input || _inputs[input] is not VertexResult.Layered layered || !DetachedMounts.CanBeCloned())
        {
            return null;
        }

        // whoever copies says what is wrong with a path that is not there
        using InputTree tree = TransferStep.Open(_context, layered, _ct);
        using Fd? source = tree.Root.TryResolve(Encoding.UTF8.GetBytes(mount.Source), OpenFlags.Path);
        return source?.Status() is { IsDirectory: true } or { IsRegular: true } ? layered : null;
    }

    /// <summary>A copy of what a bind shows: a folder or a single file.</summary>
    private string Copied(RunMount mount)
    {
        _folder ??= StepFolder.Make(_context.Store);
        byte[] name = Encoding.ASCII.GetBytes($"mount{_count++}");
        _folder.Folder.MakeDirectory(name, Executable);
        using Fd place = _folder.Folder.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        place.SetMode(Executable);
        using (InputTree tree = mount.Input is { } input
            ? TransferStep.Open(_context, _inputs[input], _ct)
            : new InputTree(StepFolder.View(_context.Store, []), null, IsContext: false))
        {
            using Fd? source = tree.Root.TryResolve(Encoding.UTF8.GetBytes(mount.Source), OpenFlags.Path);
            bool isFolder = source?.Status().IsDirectory != false;
            Copy(tree, mount.Source, place, isFolder ? "/" : "/file");
            return Encoding.UTF8.GetString(place.HostPathNow()) + (isFolder ? "" : "/file");
        }
    }

    private void Copy(InputTree tree, string source, Fd place, string destination)
    {
        using Root into = Root.From(place.Duplicate());
        using var copier = new TreeCopier(new CopyTarget(into, destination, _context.Time.FileTime), tree);
        new Selection(tree, [], copier, _ct).Visit(new TransferItem(0, source));
    }

    private string Cache(RunMount mount)
    {
        CacheFolder cache = CacheFolder.Open(_context.Folder, mount.Id ?? mount.Target, mount.Sharing);
        _caches.Add(cache);
        if (cache.IsNew)
        {
            bool isImported = _context.Imports.Any(import => import.TryFill(mount.Id ?? mount.Target, _context.Store, cache.Data, _ct));
            if (!isImported && mount.Input is { } input)
            {
                using InputTree tree = TransferStep.Open(_context, _inputs[input], _ct);
                Copy(tree, mount.Source, cache.Data, "/");
            }

            cache.Data.SetOwner(mount.Uid, mount.Gid);
            cache.Data.SetMode(mount.Mode ?? Executable);
        }

        return Encoding.UTF8.GetString(cache.Data.HostPathNow());
    }

    private void Secret(RunMount mount)
    {
        byte[]? value = _context.Secret(mount.Id!);
        if (value is null)
        {
            if (mount.IsRequired)
            {
                throw new TareException(ErrorKind.NotFound, $"secret {mount.Id}: not found", $"give it with --secret id={mount.Id},src=FILE");
            }

            return;
        }

        if (mount.Variable is { } variable)
        {
            _variables.Add($"{variable}={Encoding.UTF8.GetString(value)}");
        }

        if (mount.Target.Length > 0)
        {
            _mounts.Add(new StepMount(Keep(value, mount.Mode ?? 0b100_000_000, mount.Uid, mount.Gid), mount.Target) { IsReadOnly = true });
        }
    }

    private void Agent(RunMount mount)
    {
        if (_context.Agent(mount.Id ?? LentAgent.DefaultId) is not { } agent)
        {
            if (mount.IsRequired)
            {
                throw new TareException(
                    ErrorKind.NotFound, $"unset ssh forward key {mount.Id}", $"give it with --ssh {mount.Id}, or --ssh {mount.Id}=FILE-OF-A-KEY");
            }

            return;
        }

        string target = mount.Target.Length > 0 ? mount.Target : $"{DefaultAgentTarget}{_count++}";
        AgentSocket socket = AgentSocket.Listen(agent, _context.Live, mount.Uid, mount.Gid, mount.Mode ?? AgentMode);
        _agents.Add(socket);
        _mounts.Add(new StepMount(socket.Path, target) { IsReadOnly = true });
        _variables.Add($"SSH_AUTH_SOCK={target}");
    }

    /// <summary>A file in memory; its path.</summary>
    private string Keep(byte[] content, uint mode, uint uid, uint gid)
    {
        byte[] name = AtomicFile.TemporaryName();
        using Fd file = _context.Live.Open(name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly);
        _live.Add(name);
        file.Write(content);
        file.SetOwner(uid, gid);
        file.SetMode(mode);
        return $"{Encoding.UTF8.GetString(_context.Live.HostPathNow())}/{Encoding.ASCII.GetString(name)}";
    }
}
