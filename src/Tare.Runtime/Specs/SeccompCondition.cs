// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Where a rule of a profile applies, or does not; what is null does not matter.</summary>
internal sealed record SeccompCondition
{
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>GOARCH.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>Such as 4.8.</summary>
    public string? MinKernel { get; init; }
}
