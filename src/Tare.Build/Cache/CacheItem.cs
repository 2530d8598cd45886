// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Cache;

/// <summary>Something that the builder's cache holds: a step's record, a cache mount, a git repository.</summary>
/// <param name="Id">of it</param>
/// <param name="Kind"><see cref="Record"/>, <see cref="Mount"/> or <see cref="Repository"/></param>
/// <param name="Title">for people</param>
/// <param name="Bytes">that it takes, whether others have a part in them or not</param>
internal sealed record CacheItem(string Id, string Kind, string Title, long Bytes)
{
    /// <summary>buildx's name for a step's record.</summary>
    public const string Record = "regular";

    /// <summary>buildx's name for a cache mount.</summary>
    public const string Mount = "exec.cachemount";

    /// <summary>buildx's name for a git repository.</summary>
    public const string Repository = "source.git.checkout";

    /// <summary>Items of one group are made of the same bytes, which count once.</summary>
    public string Group { get; init; } = "";

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Used { get; init; }

    public long Uses { get; init; }

    /// <summary>A running build has it.</summary>
    public bool IsInUse { get; init; }

    /// <summary>An image is made of the same bytes: they do not count as the cache's.</summary>
    public bool IsShared { get; init; }
}
