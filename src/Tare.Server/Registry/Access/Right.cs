// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access;

/// <summary>What somebody may do with a repository.</summary>
[Flags]
internal enum Right
{
    None = 0,
    Pull = 1,
    Push = 2,
    Delete = 4,
    All = Pull | Push | Delete,
}
