// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>A device node that a container gets, and what it may do with it.</summary>
/// <param name="Node">path inside the container, kind and numbers</param>
/// <param name="Access">letters out of <c>rwm</c></param>
internal sealed record DeviceGrant(Device Node, string Access);
