// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Finds out what kind of archive an input is.</summary>
internal static class ArchiveSource
{
    /// <summary>An OCI layout (directory or tar) or a docker archive; a tar that is both is read as the layout that it is.</summary>
    /// <param name="input">lent</param>
    /// <param name="scratch">a folder for what has to be unpacked first, which is nameless there. Lent</param>
    /// <param name="ct">stops reading</param>
    /// <exception cref="TareException">Corrupt or InvalidArgument when it is neither</exception>
    public static IImageSource Open(ArchiveInput input, Fd scratch, CancellationToken ct)
    {
        IArchiveFiles files = input.IsDirectory
            ? new DirectoryFiles(Root.From(input.File!.Duplicate()))
            : TarFiles.Open(Spool.Open(input, scratch, ct), ct);
        try
        {
            return files.TrySize(OciLayoutSource.IndexName) is not null ? new OciLayoutSource(files)
                : files.TrySize(DockerArchiveSource.ManifestName) is not null ? new DockerArchiveSource(files)
                : throw new TareException(
                    ErrorKind.InvalidArgument,
                    "it holds no image: neither index.json (OCI layout) nor manifest.json (docker archive) is in it",
                    "to make an image from a file system's tar, use import");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }
}
