// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>When an image is fetched before a container is made from it.</summary>
internal enum PullPolicy
{
    /// <summary>When the store does not have it.</summary>
    Missing,
    Always,
    Never,
}
