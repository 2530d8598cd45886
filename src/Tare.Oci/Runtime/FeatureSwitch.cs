// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Whether something is compiled in.</summary>
/// <remarks>runtime-spec v1.3 features-linux.md</remarks>
internal sealed record FeatureSwitch(bool? Enabled = null);
