// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Engine.Volumes;
using Tare.Images.Sql;
using Tare.Images.Store;

namespace Tare.Engine;

/// <summary>The engine over one store: images, containers, volumes, networks.</summary>
/// <remarks>
/// What it owns: engine.db, the containers' folders, the order in which the rooms below are used. What it never does:
/// print, parse a command line, keep anything running but through a keeper. Start reading at <see cref="ContainerRun"/>.
/// Opening is cheap: a database is opened when the first verb needs it. Any number of processes may have one store open;
/// one object belongs to one thread at a time.
/// </remarks>
public sealed class TareEngine : IDisposable
{
    private readonly Func<EngineConfiguration> _configuration;
    private SqlDatabase? _database;

    private TareEngine(EngineFolders folders, TimeProvider clock, Func<EngineConfiguration> configuration)
    {
        Folders = folders;
        Clock = clock;
        _configuration = configuration;
    }

    /// <summary>Told what a caller should know of something that was done nevertheless, one sentence each.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>docker's <c>config.json</c> of whoever asks: credentials for registries; null when there is none.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>The variables of whoever asks, NAME=value each: for credential helpers and proxies.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    internal EngineFolders Folders { get; }

    internal TimeProvider Clock { get; }

    /// <summary>What the administrator decided; read when it is asked for first.</summary>
    /// <exception cref="Tare.Oci.TareException">the file cannot be read or says something wrong</exception>
    internal EngineConfiguration Configuration => field ??= _configuration();

    internal ImageStore Images => field ??= ImageStore.Open(Folders.Root, Clock);

    internal ContainerTable Containers => field ??= new(Database);

    internal VolumeTable Volumes => field ??= new(Database, Folders, Clock);

    internal NetworkTable Networks => field ??= new(Database, Folders);

    internal NetworkCreation NetworkCreation => field ??= new(this);

    internal SqlDatabase Database => _database ??= SqlDatabase.Open($"{Folders.Root}/engine.db", EngineSchema.Current);

    /// <summary>Opens the store, making it when it is new.</summary>
    /// <param name="root">where what lasts is kept</param>
    /// <param name="run">where sockets and live state are kept; emptied by a reboot</param>
    /// <param name="clock">null: the system's</param>
    public static TareEngine Open(string root, string run, TimeProvider? clock = null) =>
        Open(root, run, clock, EngineConfiguration.Default);

    /// <inheritdoc cref="Open(string, string, TimeProvider?)"/>
    internal static TareEngine Open(string root, string run, TimeProvider? clock, EngineConfiguration configuration) =>
        Open(root, run, clock, () => configuration);

    /// <summary>As the others; the configuration is fetched when it is asked for first, or never.</summary>
    internal static TareEngine Open(
        string root, string run, TimeProvider? clock, Func<EngineConfiguration> configuration, Action<string>? warned = null,
        string? credentialFile = null, IReadOnlyList<string>? environment = null) =>
        new(EngineFolders.Open(root, run), clock ?? TimeProvider.System, configuration)
        {
            Warned = warned,
            CredentialFile = credentialFile,
            Environment = environment ?? [],
        };

    /// <summary>Closes files; what runs goes on running.</summary>
    public void Dispose()
    {
        _database?.Dispose();
        Folders.Dispose();
    }
}
