// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Engine.Containers;

/// <summary>A part of a file system that a mount shows: what a build's RUN sees of another stage.</summary>
/// <param name="Layers">of the file system, bottom first</param>
/// <param name="Path">absolute; links in it are followed inside</param>
internal sealed record StageView(IReadOnlyList<StoredLayer> Layers, string Path);
