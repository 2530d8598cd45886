// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Size of a terminal in characters.</summary>
/// <remarks>runtime-spec v1.3 config.md#process</remarks>
internal sealed record ConsoleSize(ulong Height, ulong Width);
