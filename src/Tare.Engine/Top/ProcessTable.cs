// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Top;

/// <summary>Processes as <c>ps</c> prints them. Engine API v1.51 ContainerTopResponse.</summary>
/// <param name="Titles">of the columns</param>
/// <param name="Rows">a cell for each title</param>
internal sealed record ProcessTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows);
