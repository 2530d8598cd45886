// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>A limit of a process, as <c>--ulimit</c> names it.</summary>
/// <param name="Name">lower case without RLIMIT_, such as <c>nofile</c></param>
/// <param name="Soft">what is enforced; −1 is unlimited</param>
/// <param name="Hard">up to where the process may raise it; −1 is unlimited</param>
internal sealed record Ulimit(string Name, long Soft, long Hard);
