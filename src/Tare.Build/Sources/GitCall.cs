// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Sources;

/// <summary>Where one run of git works.</summary>
internal sealed record GitCall
{
    /// <summary>The repository's own folder (<c>.git</c>, or a bare one); null: none.</summary>
    public string? Repository { get; init; }

    /// <summary>The working tree; null: none.</summary>
    public string? Tree { get; init; }

    /// <summary>An index of its own; null: the repository's.</summary>
    public string? Index { get; init; }

    /// <summary>The folder that it is started in; null: ours.</summary>
    public string? Folder { get; init; }

    /// <summary>The remote that may be spoken to; null: the network is not used.</summary>
    public string? Remote { get; init; }

    /// <summary>Repositories of this host may be fetched from.</summary>
    public bool ReadsLocal { get; init; }

    /// <summary>Folders whose size is bounded.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    public IReadOnlyList<string> Flags =>
    [
        .. Folder is null ? [] : (string[])["-C", Folder],
        .. Repository is null ? [] : (string[])["--git-dir", Repository],
        .. Tree is null ? [] : (string[])["--work-tree", Tree],
    ];

    public IReadOnlyList<string> Variables => Index is null ? [] : ["GIT_INDEX_FILE=" + Index];
}
