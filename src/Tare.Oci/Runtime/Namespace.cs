// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A namespace the container is in.</summary>
/// <param name="Type">which kind</param>
/// <param name="Path">file of an existing one to join, or null to make a new one</param>
/// <remarks>runtime-spec v1.3 config-linux.md#namespaces</remarks>
internal sealed record Namespace(NamespaceType Type, string? Path = null);
