// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Images.Building;

/// <summary>What a step of a build made, by the key of all that it depends on.</summary>
/// <param name="Key">hex; computed by the builder</param>
/// <param name="Title">for people</param>
/// <param name="Layer">on top of what the step began with; null: it changed nothing</param>
/// <param name="Created">when it was made</param>
/// <param name="Used">when it was asked for last</param>
/// <param name="Uses">how often it was</param>
internal sealed record BuildRecord(
    string Key, string Title, StoredLayer? Layer, DateTimeOffset Created, DateTimeOffset Used, long Uses);
