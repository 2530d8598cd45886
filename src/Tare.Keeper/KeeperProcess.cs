// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>The keeper: the small process that stays with a container from its start to its end.</summary>
internal static class KeeperProcess
{
    /// <summary>What <c>tare keeper</c> does; expects its descriptors where <see cref="Protocol"/> says.</summary>
    public static int Main() => 125;
}
