// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Build.Export;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>What a build made for one platform.</summary>
/// <param name="Platform">as it was asked for</param>
/// <param name="Image">its parts</param>
/// <param name="Attesting">says something about the image; null: nothing is said</param>
/// <param name="CacheNotes">annotations for a cache that the image carries</param>
internal sealed record BuiltPlatform(Platform Platform, ImageAssembly Image, Attesting? Attesting, IReadOnlyDictionary<string, string> CacheNotes);
