// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Engine.Registries;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli;

/// <summary>One run of the program: where it prints, which folders it works on, whether somebody asked it to
/// stop.</summary>
/// <remarks>The environment is read here and nowhere else.</remarks>
internal sealed class Session : IDisposable
{
    private const string DefaultRoot = "/var/lib/tare";
    private const string DefaultRun = "/run/tare";

    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _cancellation;
    private EngineConfiguration? _configuration;
    private readonly bool _isGiven;
    private TextWriter? _output;
    private TextWriter? _error;

    /// <param name="output">where to print instead of standard output</param>
    /// <param name="error">where to print instead of standard error</param>
    public Session(TextWriter? output, TextWriter? error)
    {
        _output = output;
        _error = error;
        _isGiven = output is not null || error is not null;
    }

    /// <summary>A session that prints where <paramref name="other"/> does.</summary>
    public Session(Session other)
        : this(other._output, other._error)
    {
    }

    /// <summary>The values of <c>--root</c>, <c>--run</c> and <c>--config</c>; null when not given.</summary>
    public string? GivenRoot { get; init; }

    /// <inheritdoc cref="GivenRoot"/>
    public string? GivenRun { get; init; }

    /// <inheritdoc cref="GivenRoot"/>
    public string? GivenConfiguration { get; init; }

    /// <summary>True with <c>--debug</c>.</summary>
    public bool GivenDebug { get; init; }

    /// <summary>The folder of the store: <c>--root</c>, else <c>TARE_ROOT</c>, else the configuration's.</summary>
    public string Root => field ??=
        Path.GetFullPath(GivenRoot ?? Variable("TARE_ROOT") ?? Configuration.DataRoot ?? DefaultRoot);

    /// <summary>The folder of what lives only while something runs: <c>--run</c>, else <c>TARE_RUN</c>, else the
    /// configuration's.</summary>
    public string Run => field ??=
        Path.GetFullPath(GivenRun ?? Variable("TARE_RUN") ?? Configuration.ExecRoot ?? DefaultRun);

    /// <summary>Where docker's client keeps credentials: <c>config.json</c> in the folder that <c>--config</c> names, in
    /// <c>DOCKER_CONFIG</c>, else podman's <c>REGISTRY_AUTH_FILE</c>, else in <c>~/.docker</c>; null for a user without a home.</summary>
    public string? CredentialFile =>
        ClientFolder is { } given ? given + "/config.json"
        : Variable("DOCKER_CONFIG") is { } folder ? Path.GetFullPath(folder) + "/config.json"
        : Variable("REGISTRY_AUTH_FILE") is { } file ? Path.GetFullPath(file)
        : Variable("HOME") is { } home ? home + "/.docker/config.json"
        : null;

    /// <summary>docker's <c>--config</c> is a folder of its client, ours a file of the administrator's: what is there decides.</summary>
    private string? ClientFolder => field ??= GivenConfiguration is { } given && HostPath.TryStatus(given) is { IsDirectory: true }
        ? Path.GetFullPath(given)
        : null;

    /// <summary>What the administrator decided; the file is read when this is asked for first.</summary>
    /// <exception cref="TareException">the file cannot be read or says something wrong</exception>
    public EngineConfiguration Configuration => _configuration ??= ReadConfiguration();

    /// <summary>True when failures are to be told in full. The configuration counts only once it was read: asking
    /// must not fail.</summary>
    public bool Debug => GivenDebug || _configuration is { Debug: true };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How the verb was called, such as <c>image ls</c>.</summary>
    public string VerbName { get; init; } = "";

    /// <summary>Standard output as text: UTF-8, buffered until the verb is done.</summary>
    public TextWriter Output => _output ??= Writer(Console.OpenStandardOutput());

    /// <summary>The terminal behind standard output, or error, on which lines can be written again; null: there is none.</summary>
    public TerminalSize? TerminalOf(bool error)
    {
        if (_isGiven || Variable("TERM") is null or "dumb")
        {
            return null;
        }

        using Fd? stream = OwnProcess.TryDuplicateStandard(error ? 2 : 1);
        return stream is not null && TerminalMode.IsTerminal(stream) ? TerminalMode.Size(stream) : null;
    }

    /// <summary>Standard error as text, unbuffered.</summary>
    public TextWriter Error => _error ??= Writer(new MessageStream(Console.OpenStandardError()), flush: true);

    /// <summary>Cancelled by the first SIGINT or SIGTERM after the first use; the second one kills.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (_cancellation is null)
            {
                _cancellation = new();
                _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel));
                _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel));
            }

            return _cancellation.Token;
        }
    }

    /// <summary>From here on signals do what they usually do, until <see cref="Cancellation"/> is asked for again.</summary>
    public void LeaveSignals()
    {
        _signals.ForEach(static signal => signal.Dispose());
        _signals.Clear();
        _cancellation?.Dispose();
        _cancellation = null;
    }

    /// <summary>The images in this session's folder; the caller disposes the store.</summary>
    public ImageStore OpenImages() => ImageStore.Open(Root, Time);

    /// <summary>The engine over this session's folders; what others died in is finished. The caller disposes it.</summary>
    public TareEngine OpenEngine()
    {
        TareEngine engine = OpenEngineAsItIs();
        Upkeep.FinishOperations(engine);
        return engine;
    }

    /// <summary>As <see cref="OpenEngine"/>, for verbs that look only or have one thing to do.</summary>
    public TareEngine OpenEngineAsItIs() => TareEngine.Open(
        Root, Run, Time, () => Configuration, warning => Error.WriteLine($"WARNING: {warning}"), CredentialFile, Variables());

    /// <summary>For verbs that speak to registries and need no store: none is made.</summary>
    public RegistryUser RegistryUser => new(Configuration, CredentialFile, Variables());

    /// <summary>Standard input as a file; the caller disposes it.</summary>
    /// <exception cref="TareException">FailedPrecondition: the program was started without it</exception>
    public static Fd OpenInput() => OwnProcess.TryDuplicateStandard(0) ?? throw Closed("input");

    /// <summary>Standard output as a file; the caller disposes it.</summary>
    /// <exception cref="TareException">FailedPrecondition: the program was started without it</exception>
    public static Fd OpenOutput() => OwnProcess.TryDuplicateStandard(1) ?? throw Closed("output");

    /// <summary>A variable of the environment, for <c>--env NAME</c> and the like; null when not set.</summary>
    public static string? Variable(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static List<string> Variables()
    {
        List<string> all = [];
        foreach (DictionaryEntry each in Environment.GetEnvironmentVariables())
        {
            all.Add($"{each.Key}={each.Value}");
        }

        return all;
    }

    /// <exception cref="TareException">PermissionDenied: the user is not root</exception>
    public void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new TareException(
                ErrorKind.PermissionDenied,
                $"{VerbName}: only root can do this",
                $"run it as root: sudo tare {VerbName}");
        }
    }

    /// <summary>Brings what was printed to its place; the disk may be full, so this can fail.</summary>
    public void Flush() => _output?.Flush();

    public void Dispose()
    {
        _output?.Dispose();
        _error?.Dispose();
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _cancellation?.Dispose();
    }

    private EngineConfiguration ReadConfiguration()
    {
        string? named = (ClientFolder is null ? GivenConfiguration : null) ?? Variable("TARE_CONFIG");
        return named is null
            ? ConfigurationFile.ReadIfPresent(ConfigurationFile.DefaultPath) ?? EngineConfiguration.Default
            : ConfigurationFile.Read(Path.GetFullPath(named));
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = !_cancellation!.IsCancellationRequested;
        _cancellation.Cancel();
    }

    private static TareException Closed(string which) =>
        new(ErrorKind.FailedPrecondition, $"standard {which} is closed");

    private static StreamWriter Writer(Stream stream, bool flush = false) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = flush, NewLine = "\n" };
}
