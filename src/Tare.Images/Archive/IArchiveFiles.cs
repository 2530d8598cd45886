// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Archive;

/// <summary>The files of an archive or layout, by name; nothing about them is trusted.</summary>
internal interface IArchiveFiles : IDisposable
{
    /// <summary>Null when there is no regular file of that name. Several may be open at once; the caller disposes.</summary>
    /// <param name="name">relative, with slashes, such as <c>blobs/sha256/…</c></param>
    Stream? TryOpen(string name);

    /// <summary>Bytes of the file, or null when there is none.</summary>
    long? TrySize(string name);
}
