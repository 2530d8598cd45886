// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Sources;

/// <summary>A repository in the builder's cache.</summary>
/// <param name="Key">hex</param>
/// <param name="Remote">its address, without passwords</param>
/// <param name="Bytes">of all its files</param>
/// <param name="Used">when a build used it last</param>
internal sealed record KeptRepository(string Key, string Remote, long Bytes, DateTimeOffset Used);
