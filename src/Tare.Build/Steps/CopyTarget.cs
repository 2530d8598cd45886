// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Where a <see cref="TreeCopier"/> copies to.</summary>
/// <param name="Root">the file system that is changed; lent</param>
/// <param name="Destination">absolute inside it; a slash at its end means a folder</param>
/// <param name="Time">the modification time of what comes from a context</param>
internal sealed record CopyTarget(Root Root, string Destination, FileTime Time)
{
    private const uint DefaultFolderMode = 0b111_101_101;

    /// <summary>Null: 0 for what comes from a context, else what the files have.</summary>
    public uint? Uid { get; init; }

    /// <inheritdoc cref="Uid"/>
    public uint? Gid { get; init; }

    /// <summary>Null: what the files have.</summary>
    public ModeChange? Mode { get; init; }

    /// <summary>Of folders that are made on the way to the destination: docker gives them an octal <c>--chmod</c> too.</summary>
    public uint FolderMode => Mode is { IsOctal: true } octal ? octal.Apply(DefaultFolderMode, isFolder: true) : DefaultFolderMode;

    /// <summary>Folders of the source are made below the destination.</summary>
    public bool KeepsParents { get; init; }
}
