// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Runtime.Specs;

/// <summary>An architecture and those whose programs its kernel runs too; names as of libseccomp.</summary>
internal sealed record SeccompArchMap(string Architecture)
{
    public IReadOnlyList<string>? SubArchitectures { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> All => [Architecture, .. SubArchitectures ?? []];
}
