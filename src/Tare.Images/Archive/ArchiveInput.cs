// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Archive;

/// <summary>Bytes that the user gave us to load or import: an open file or directory, or a stream.</summary>
internal sealed class ArchiveInput : IDisposable
{
    private ArchiveInput(string name, Fd? file, Stream stream)
    {
        Name = name;
        File = file;
        Stream = stream;
    }

    /// <summary>What messages call it: the path, or <c>-</c>.</summary>
    public string Name { get; }

    /// <summary>Read forward, once.</summary>
    public Stream Stream { get; }

    /// <summary>The regular file or directory behind it, which can be read anywhere; null for pipes and other streams.</summary>
    public Fd? File { get; }

    public bool IsDirectory => File?.Status().IsDirectory == true;

    /// <summary>A file or directory of the host by the path that the user wrote.</summary>
    public static ArchiveInput Open(string path) => From(path, HostPath.Open(path, OpenFlags.ReadOnly));

    /// <summary>An open file, such as standard input. Takes it over.</summary>
    public static ArchiveInput From(string name, Fd file)
    {
        FileStatus status = file.Status();
        bool isSeekable = status.IsDirectory || (status.IsRegular && file.Seek(0, SeekOrigin.Current) == 0);
        return new ArchiveInput(name, isSeekable ? file : null, status.IsDirectory ? Stream.Null : new FdStream(file));
    }

    /// <summary>Any stream. Takes it over.</summary>
    public static ArchiveInput From(string name, Stream stream) => new(name, file: null, stream);

    public void Dispose()
    {
        Stream.Dispose();
        File?.Dispose();
    }
}
