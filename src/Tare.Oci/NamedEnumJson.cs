// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>A closed set by its names; a number, which the BCL's converter would take for any member or none, is
/// refused.</summary>
internal sealed class NamedEnumJson<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
