// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>Which records of a log somebody wants.</summary>
/// <param name="Since">none before it; null: from the beginning</param>
/// <param name="Until">none after it; null: to the end</param>
/// <param name="Tail">only so many of the last records that there are when the reading begins, counted before the two
/// times are looked at, as docker does; null: all</param>
internal sealed record LogQuery(LogTime? Since = null, LogTime? Until = null, long? Tail = null);
