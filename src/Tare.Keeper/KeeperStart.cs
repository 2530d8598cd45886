// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;

namespace Tare.Keeper;

/// <summary>What a keeper told about the start of its container.</summary>
/// <param name="Pid">of the main process in the host's pid namespace; 0 when it never ran</param>
/// <param name="Failure">null when the container runs</param>
internal readonly record struct KeeperStart(int Pid, KeeperFailure? Failure);

/// <summary>Why a container never ran.</summary>
/// <param name="Error">errno of the failed call; None when something else went wrong</param>
/// <param name="Step">step of the launch plan; -1 when the failure was outside of it</param>
/// <param name="Call">call of the launch program; -1 as above</param>
/// <param name="Text">what the keeper has to say when it was outside of the plan, else empty</param>
internal sealed record KeeperFailure(Errno Error, int Step, int Call, string Text);
