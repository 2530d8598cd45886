// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>One mount that the user asked for.</summary>
/// <param name="Destination">absolute path inside the container, not the root</param>
internal abstract record MountOption(string Destination);
