// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Build.Ignore;
using Tare.Build.Sources;
using Tare.Build.Steps;
using Tare.Cli.Arguments;
using Tare.Images.Archive;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>What a build is made from: the Dockerfile, the context, its ignore file.</summary>
internal sealed class BuildSource : IDisposable
{
    private const string DefaultName = "Dockerfile";

    private readonly Root? _context;
    private readonly IDisposable? _fetched;

    private BuildSource(Root? context, IDisposable? fetched) => (_context, _fetched) = (context, fetched);

    public DockerfileDocument Document { get; private set; } = null!;

    public IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>The commit that the context is, when it is a repository.</summary>
    public GitCommit? Commit { get; private init; }

    /// <summary>When that was made, in seconds since 1970.</summary>
    public long? CommitTime { get; private init; }

    /// <summary>Reads what the command line names.</summary>
    /// <param name="place">a folder; a repository or an address; <c>-</c>: a Dockerfile or a tar on standard input</param>
    /// <param name="file">of <c>-f</c>, or null</param>
    /// <param name="store">unpacks a tar; asked for only then</param>
    /// <param name="remote">fetches what is elsewhere; asked only then</param>
    /// <param name="ct">stops reading</param>
    public static BuildSource Open(
        string place, string? file, Func<ImageStore> store, Func<string, RemoteContext> remote, CancellationToken ct)
    {
        if (place == "-")
        {
            return OfInput(file, store, ct);
        }

        if (RemoteContext.IsRemote(place))
        {
            return OfRemote(remote(place), file);
        }

        if (HostPath.TryStatus(place) is not { IsDirectory: true })
        {
            throw new TareException(
                HostPath.TryStatus(place) is null ? ErrorKind.NotFound : ErrorKind.InvalidArgument,
                HostPath.TryStatus(place) is null ? $"unable to prepare context: path {Quoted.Text(place)} not found" : $"unable to prepare context: {Quoted.Text(place)} is not a folder");
        }

        var source = new BuildSource(Root.Open(Path.GetFullPath(place)), null);
        return Guarded(source, () => source.ReadHost(place, file));
    }

    /// <summary>The files of the build's own context; the caller disposes.</summary>
    public InputTree OpenContext(IReadOnlyList<string> ignored, FileDigests? digests) =>
        new(_context is null ? throw NoContext() : Root.From(_context.Fd.Duplicate()), new PatternList(ignored), IsContext: true, digests);

    /// <summary>The root of the context; null when there is none, or when it will not be seen again.</summary>
    public FileStatus? Status => _fetched is null ? _context?.Fd.Status() : null;

    public void Dispose()
    {
        _context?.Dispose();
        _fetched?.Dispose();
    }

    private static TareException NoContext() => new(
        ErrorKind.FailedPrecondition, "there is no build context: the Dockerfile came alone on standard input",
        "name a folder: tare build -f - FOLDER");

    private static BuildSource OfInput(string? file, Func<ImageStore> store, CancellationToken ct)
    {
        if (file == "-")
        {
            throw new UsageException("invalid argument: can't use stdin for both build context and dockerfile", 1);
        }

        using ArchiveInput input = ArchiveInput.From("-", Session.OpenInput());
        using Fd bytes = Spool.Open(input, store().Folder.Scratch, ct);
        if (!ArchiveFolder.IsArchive(bytes, "standard input"))
        {
            bytes.Seek(0);
            var alone = new BuildSource(null, null);
            alone.Document = DockerfileParser.Parse(DefaultName, bytes.ReadAll(SourceText.MaxBytes + 1));
            return alone;
        }

        StepFolder unpacked = ArchiveFolder.Unpack(store(), bytes, ct);
        var source = new BuildSource(Root.From(unpacked.Folder.Duplicate()), unpacked);
        return Guarded(source, () => source.ReadInside(file ?? DefaultName));
    }

    private static BuildSource OfRemote(RemoteContext remote, string? file)
    {
        var source = new BuildSource(remote.OnlyFile is null ? Root.From(remote.Root.Fd.Duplicate()) : null, remote)
        {
            Commit = remote.Commit,
            CommitTime = remote.Time,
        };
        return Guarded(source, () => source.ReadRemote(remote, file));
    }

    private static BuildSource Guarded(BuildSource source, Action read)
    {
        try
        {
            read();
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>What a server has that is no archive is a Dockerfile, without any files.</summary>
    private void ReadRemote(RemoteContext remote, string? file)
    {
        if (remote.OnlyFile is { } only)
        {
            Document = DockerfileParser.Parse(DefaultName, remote.Root.TryReadAll(Encoding.UTF8.GetBytes(only), SourceText.MaxBytes + 1) ?? []);
        }
        else if (file == "-")
        {
            ReadInput();
        }
        else
        {
            ReadInside(file ?? DefaultName);
        }
    }

    private void ReadInput()
    {
        using Fd input = Session.OpenInput();
        Document = DockerfileParser.Parse(DefaultName, ReadAll(input));
        Ignored = IgnoreOf(null);
    }

    private void ReadHost(string place, string? file)
    {
        if (file is null)
        {
            ReadInside(DefaultName);
            return;
        }

        if (file == "-")
        {
            ReadInput();
            return;
        }

        string path = HostPath.TryStatus(file) is not null ? file : Path.Combine(place, file);
        byte[] bytes = HostPath.TryReadAll(path, SourceText.MaxBytes + 1) ?? throw NoDockerfile(file);
        Document = DockerfileParser.Parse(Path.GetFileName(file), bytes);
        Ignored = HostPath.TryReadAll(IgnoreFile.NameFor(path), IgnoreFile.MaxBytes + 1) is { } own
            ? IgnoreFile.Read(IgnoreFile.NameFor(file), own)
            : IgnoreOf(null);
    }

    private void ReadInside(string file)
    {
        byte[] bytes = _context!.TryReadAll(Encoding.UTF8.GetBytes(file), SourceText.MaxBytes + 1) ?? throw NoDockerfile(file);
        Document = DockerfileParser.Parse(Path.GetFileName(file), bytes);
        Ignored = IgnoreOf(file);
    }

    private IReadOnlyList<string> IgnoreOf(string? file)
    {
        foreach (string name in file is null ? [IgnoreFile.Name] : new[] { IgnoreFile.NameFor(file), IgnoreFile.Name })
        {
            if (_context!.TryReadAll(Encoding.UTF8.GetBytes(name), IgnoreFile.MaxBytes + 1) is { } bytes)
            {
                return IgnoreFile.Read(name, bytes);
            }
        }

        return [];
    }

    private static byte[] ReadAll(Fd input)
    {
        using var all = new MemoryStream();
        using var stream = new FdStream(input, leaveOpen: true);
        byte[] buffer = new byte[64 << 10];
        int read;
        while ((read = stream.Read(buffer)) > 0 && all.Length <= SourceText.MaxBytes)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static TareException NoDockerfile(string file) => new(
        ErrorKind.NotFound, $"failed to read dockerfile: open {file}: no such file or directory", "name it with -f");
}
