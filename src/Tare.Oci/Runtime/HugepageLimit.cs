// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Limit of one size of huge pages.</summary>
/// <param name="PageSize">such as <c>2MB</c></param>
/// <param name="Limit">bytes</param>
/// <remarks>runtime-spec v1.3 config-linux.md#huge-page-limits</remarks>
internal sealed record HugepageLimit(string PageSize, ulong Limit);
