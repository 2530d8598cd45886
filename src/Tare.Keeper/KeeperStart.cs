// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>What a keeper told about the start of a process.</summary>
/// <param name="Pid">in the host's pid namespace; 0 when it never ran</param>
/// <param name="Failure">null when it runs</param>
internal readonly record struct KeeperStart(int Pid, KeeperFailure? Failure);
