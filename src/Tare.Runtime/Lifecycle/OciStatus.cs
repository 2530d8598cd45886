// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Lifecycle;

/// <summary>Where in its life a container is; as runc, with one word more than the specification.</summary>
internal enum OciStatus
{
    Creating,
    Created,
    Running,
    Paused,
    Stopped,
}
