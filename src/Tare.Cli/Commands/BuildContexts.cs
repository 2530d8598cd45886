// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Ignore;
using Tare.Build.Sources;
using Tare.Build.Ssh;
using Tare.Build.Steps;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Configuration;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Places;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>The named contexts of a build, and what fetching from elsewhere needs. What was fetched stays until Dispose.</summary>
internal sealed class BuildContexts : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private const string KeepsGit = "BUILDKIT_CONTEXT_KEEP_GIT_DIR";

    private readonly Session _session;
    private readonly TareEngine _engine;
    private readonly IReadOnlyDictionary<string, string> _places;
    private readonly Fd _folder;
    private readonly HostAgent? _agent;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RemoteContext> _fetched = [];

    public BuildContexts(Session session, TareEngine engine, IReadOnlyDictionary<string, string> places, BuildSecrets secrets)
    {
        (_session, _engine, _places) = (session, engine, places);
        _folder = HostPath.MakeDirectories($"{session.Root}/build", OwnerOnly);
        _agent = secrets.Agent(LentAgent.DefaultId) is { } lent ? new HostAgent(lent, session.Run) : null;
        Settings = new SourceSettings(engine.Images, _folder)
        {
            Variable = Session.Variable,
            Secret = secrets.Secret,
            Agent = () => _agent?.Socket(),
            Limits = LimitsOf(session.Configuration.Git),
        };
    }

    /// <summary>For what a Dockerfile names: with the agent that was lent, and nothing else of the user's.</summary>
    public SourceSettings Settings { get; }

    /// <summary>Fetches the build's own context; the caller disposes.</summary>
    public static RemoteContext OpenMain(Session session, TareEngine engine, ParsedArguments arguments, string place)
    {
        using var secrets = new BuildSecrets(arguments.Get(BuildFlags.Secret), arguments.Get(BuildFlags.Ssh));
        using var contexts = new BuildContexts(session, engine, new Dictionary<string, string>(), secrets);
        bool keeps = BuildFlags.Pairs(arguments.Get(BuildFlags.BuildArg), fromEnvironment: true).GetValueOrDefault(KeepsGit) is "1" or "true";
        return RemoteContext.Open(contexts.UserSettings, place, keeps, session.Cancellation);
    }

    /// <summary>The files of a named context; the caller disposes what it gets.</summary>
    /// <param name="name">as the Dockerfile has it</param>
    /// <param name="location">when no flag says where that is</param>
    public InputTree Open(string name, string? location)
    {
        string place = _places.GetValueOrDefault(name.ToLowerInvariant()) ?? location ?? "";
        if (RemoteContext.IsRemote(place))
        {
            return new InputTree(Root.From(Fetch(place).Root.Fd.Duplicate()), null, IsContext: true);
        }

        if (HostPath.TryStatus(place) is not { IsDirectory: true })
        {
            throw new TareException(
                ErrorKind.NotFound, $"build context {name}: {Quoted.Text(place)} is no folder",
                "write a folder, a repository, an address of http or https, docker-image://NAME or oci-layout://FOLDER");
        }

        Root root = Root.Open(Path.GetFullPath(place));
        byte[]? ignore = root.TryReadAll(Encoding.UTF8.GetBytes(IgnoreFile.Name), IgnoreFile.MaxBytes + 1);
        return new InputTree(root, ignore is null ? null : new PatternList(IgnoreFile.Read(IgnoreFile.Name, ignore)), IsContext: true);
    }

    /// <summary>Takes an image of an OCI layout of this host into the store.</summary>
    /// <param name="layout"><c>PATH[:TAG|@DIGEST]</c></param>
    /// <param name="platform">which of several</param>
    /// <param name="ct">stops it</param>
    public async Task<StoredImage> LoadAsync(string layout, Platform platform, CancellationToken ct)
    {
        using PlaceSource source = await PlaceSource.OpenAsync(LayoutOf(layout), RegistryAccess.Of(_engine), () => _engine.Images, ct);
        using var sink = new StoreSink(_engine.Images);
        IReadOnlyList<Image> images = await Copy.RunAsync(
            source.Source, sink, new OfferedImage(source.Root, []), new PlatformFilter(platform) { TakesImageAlone = true },
            CopyLimits.Default, ct);
        return _engine.Images.Get(images[0].Config.Digest.ToString(), platform);
    }

    /// <summary>When the commit was made that a folder of this host is a working tree of, in seconds since 1970; null: unknown.</summary>
    public long? CommitTimeOf(string folder)
    {
        if (!CommitTime.IsTree(folder))
        {
            return null;
        }

        var git = new GitProgram(Settings);
        if (git.IsThere)
        {
            return CommitTime.Of(git, folder, _session.Cancellation);
        }

        _session.Error.WriteLine("WARNING: this host has no git: the image is not dated by its commit");
        return null;
    }

    /// <summary>The commit that a folder of this host is a working tree of; null: unknown.</summary>
    public string? RevisionOf(string folder)
    {
        var git = new GitProgram(Settings);
        return HostPath.TryStatus(folder) is { IsDirectory: true } && CommitTime.IsTree(folder) && git.IsThere
            ? CommitTime.RevisionOf(git, folder, _session.Cancellation)
            : null;
    }

    public void Dispose()
    {
        foreach (RemoteContext context in _fetched.Values)
        {
            context.Dispose();
        }

        _agent?.Dispose();
        _folder.Dispose();
    }

    /// <summary>For what the command line names: the user's own agent and keys are the user's to use.</summary>
    private SourceSettings UserSettings => Settings with
    {
        Agent = () => Settings.Agent() ?? Session.Variable("SSH_AUTH_SOCK"),
        TrustsUserKeys = true,
    };

    private static GitLimits LimitsOf(GitConfiguration git) =>
        new() { Bytes = git.MaxSize, Time = git.MaxTime, Silence = git.MaxSilence };

    private RemoteContext Fetch(string place)
    {
        lock (_gate)
        {
            if (!_fetched.TryGetValue(place, out RemoteContext? context))
            {
                context = RemoteContext.Open(UserSettings, place, keeps: false, _session.Cancellation);
                _fetched.Add(place, context);
            }

            return context;
        }
    }

    private static Place LayoutOf(string layout)
    {
        int at = layout.IndexOf('@', StringComparison.Ordinal);
        string path = at < 0 ? layout : layout[..at];
        int colon = path.LastIndexOf(':');
        bool isTagged = colon > path.LastIndexOf('/') && colon > 0;
        string? label = at >= 0 ? layout[(at + 1)..] : isTagged ? path[(colon + 1)..] : null;
        return new Place(PlaceKind.Layout, Path.GetFullPath(isTagged ? path[..colon] : path), label);
    }
}
