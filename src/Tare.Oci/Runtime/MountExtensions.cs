// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Mounts beyond mount(2) that this runtime can make.</summary>
/// <remarks>runtime-spec v1.3 features-linux.md#mount-extensions</remarks>
internal sealed record MountExtensions(FeatureSwitch? Idmap = null);
