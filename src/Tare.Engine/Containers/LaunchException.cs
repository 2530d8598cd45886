// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Engine.Containers;

/// <summary>A process of a container never came to run.</summary>
/// <param name="error">why, with docker's exit code</param>
internal sealed class LaunchException(LaunchError error) : TareException(error.Kind, error.Message, error.Hint)
{
    /// <summary>125, 126 or 127.</summary>
    public int ExitCode => error.ExitCode;
}
