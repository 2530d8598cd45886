// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>One rule about device nodes.</summary>
/// <param name="Allow">true allows, false denies</param>
/// <param name="Type"><c>c</c>, <c>b</c>, or <c>a</c> and null for both</param>
/// <param name="Major">major number, or null for every</param>
/// <param name="Minor">minor number, or null for every</param>
/// <param name="Access">letters out of <c>rwm</c>; null is all</param>
/// <remarks>runtime-spec v1.3 config-linux.md#allowed-device-list</remarks>
internal sealed record DeviceRule(
    bool Allow,
    string? Type = null,
    long? Major = null,
    long? Minor = null,
    string? Access = null);
