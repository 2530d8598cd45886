// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Terminals;

/// <summary>Rows and columns of characters.</summary>
internal readonly record struct TerminalSize(ushort Rows, ushort Columns);
