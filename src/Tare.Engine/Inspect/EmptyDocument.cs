// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary><c>{}</c>, the value of Go's sets in docker's documents.</summary>
internal sealed record EmptyDocument
{
    public static readonly EmptyDocument Instance = new();
}
