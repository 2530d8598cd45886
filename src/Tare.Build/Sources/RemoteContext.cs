// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Graph;
using Tare.Build.Steps;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>A context that is not on this host: a repository, or an archive or file of a server. Gone with Dispose.</summary>
internal sealed class RemoteContext : IDisposable
{
    private const uint FileMode = 0b110_100_100;
    private const uint FolderMode = 0b111_101_101;

    private readonly IDisposable _held;

    private RemoteContext(IDisposable held, Root root) => (_held, Root) = (held, root);

    /// <summary>The files. Lent.</summary>
    public Root Root { get; }

    /// <summary>The only file, when the server has no archive there; else null.</summary>
    public string? OnlyFile { get; private init; }

    /// <summary>Of a repository.</summary>
    public GitCommit? Commit { get; private init; }

    /// <summary>When the commit was made, in seconds since 1970; null for what is no repository.</summary>
    public long? Time { get; private init; }

    /// <summary>True for what names something elsewhere, whether it can be had or not.</summary>
    public static bool IsRemote(string location) =>
        location.Contains("://", StringComparison.Ordinal) || ReferenceOf(location) is not null;

    /// <summary>Fetches it; the caller disposes.</summary>
    /// <param name="settings">what fetching needs</param>
    /// <param name="location">as the user wrote it</param>
    /// <param name="keeps">.git stays, when the location does not say</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="TareException">it is malformed, not there, not to be reached</exception>
    public static RemoteContext Open(SourceSettings settings, string location, bool keeps, CancellationToken ct)
    {
        if (ReferenceOf(location) is { } reference)
        {
            var source = new GitSource(settings);
            GitTree tree = source.Checkout(
                reference, source.Resolve(reference, reference.Checksum, ct), reference.KeepsGitDirectory ?? keeps, ct);
            return new RemoteContext(tree, tree.Root) { Commit = tree.Commit, Time = tree.Time };
        }

        return WebFile.IsAddress(location) ? OfServer(settings, location, ct) : throw new TareException(
            ErrorKind.InvalidArgument, $"build context {Quoted.Text(location)}: neither a folder nor a repository nor an address of http or https");
    }

    public void Dispose()
    {
        if (_held is StepFolder)
        {
            Root.Dispose();
        }

        _held.Dispose();
    }

    private static GitReference? ReferenceOf(string location)
    {
        try
        {
            return GitReference.TryParse(location);
        }
        catch (FormatException malformed)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"build context {Quoted.Text(location)}: {malformed.Message}");
        }
    }

    private static RemoteContext OfServer(SourceSettings settings, string url, CancellationToken ct)
    {
        StepFolder download = StepFolder.Make(settings.Store);
        bool isUsed = false;
        try
        {
            string name = NameOf(url);
            byte[] file = Encoding.UTF8.GetBytes(name);
            download.Folder.SetMode(FolderMode);
            WebFile.FetchAsync(
                url, null, () => download.Folder.Open(file, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode), ct)
                .GetAwaiter().GetResult();
            using Fd bytes = download.Folder.Open(file, OpenFlags.ReadOnly | OpenFlags.NoFollow);
            if (!ArchiveFolder.IsArchive(bytes, url))
            {
                isUsed = true;
                return new RemoteContext(download, Root.From(download.Folder.Duplicate())) { OnlyFile = name };
            }

            StepFolder unpacked = ArchiveFolder.Unpack(settings.Store, bytes, ct);
            return new RemoteContext(unpacked, Root.From(unpacked.Folder.Duplicate()));
        }
        finally
        {
            if (!isUsed)
            {
                download.Dispose();
            }
        }
    }

    private static string NameOf(string url)
    {
        string path = Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
            ? Uri.UnescapeDataString(address.AbsolutePath)
            : throw new TareException(ErrorKind.InvalidArgument, $"build context {Quoted.Text(url)}: it is no URL");
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name is "" or "." or ".." || name.Any(char.IsControl) ? "context" : name;
    }
}
