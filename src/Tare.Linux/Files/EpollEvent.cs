// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>A descriptor that is ready, by the number that its owner gave it.</summary>
internal readonly record struct EpollEvent(EpollEvents Events, ulong Data);
