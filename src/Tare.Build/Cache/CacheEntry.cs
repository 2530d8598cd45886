// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Images.Store;

namespace Tare.Build.Cache;

/// <summary>One step of a build, as it may be exported.</summary>
/// <param name="Keys">that are known to lead to it</param>
/// <param name="Title">for people</param>
/// <param name="Vertex">whose it is</param>
/// <param name="Layer">that it made; null: it changed nothing</param>
/// <param name="Below">what it began with, bottom first</param>
internal sealed record CacheEntry(
    IReadOnlyList<string> Keys, string Title, VertexId Vertex, StoredLayer? Layer, IReadOnlyList<StoredLayer> Below);
