// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>A line of a container's output, or a part of a long one.</summary>
/// <param name="IsStderr">its stream</param>
/// <param name="Text">the bytes with the end of the line, if it has one; valid until the next record is read</param>
/// <param name="Time">when it was written</param>
/// <param name="Attributes">those of <c>--log-opt labels</c> and <c>env</c> as <c>name=value</c>; null: none</param>
internal readonly record struct LogRecord(
    bool IsStderr, ReadOnlyMemory<byte> Text, LogTime Time, IReadOnlyList<KeyValuePair<string, string>>? Attributes = null);
