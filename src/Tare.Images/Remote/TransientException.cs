// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>An attempt failed in a way that another one may not; leaves this folder only as a TareException.</summary>
/// <param name="cause">lower case, without a full stop</param>
/// <param name="wait">how long the server asks to wait, or null</param>
/// <param name="inner">what was thrown below</param>
internal sealed class TransientException(string cause, TimeSpan? wait = null, Exception? inner = null) : Exception(cause, inner)
{
    public TimeSpan? Wait { get; } = wait;
}
