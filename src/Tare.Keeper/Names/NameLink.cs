// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>A container's own name for another.</summary>
/// <param name="Name">what it asks for</param>
/// <param name="Target">a name, alias or id that stands in one of its networks' files</param>
internal readonly record struct NameLink(string Name, string Target);
