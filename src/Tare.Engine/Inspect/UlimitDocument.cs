// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>One resource limit; -1 is unlimited.</summary>
internal sealed record UlimitDocument(string Name, long Hard, long Soft);
