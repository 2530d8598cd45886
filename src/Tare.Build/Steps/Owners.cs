// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;
using Tare.Runtime.Specs;

namespace Tare.Build.Steps;

/// <summary>Users and groups that a Dockerfile names, looked up in the file system that is changed.</summary>
internal static class Owners
{
    /// <summary><c>USER</c>: as for a process.</summary>
    /// <exception cref="Oci.TareException">NotFound: no such user or group</exception>
    public static (uint Uid, uint Gid) OfUser(Root tree, string user)
    {
        Account account = Read(tree).Find(user, []);
        return (account.Uid, account.Gid);
    }

    /// <summary><c>--chown</c>: a number without a group is the group too.</summary>
    /// <exception cref="Oci.TareException">NotFound: no such user or group</exception>
    public static (uint Uid, uint Gid) OfFiles(Root tree, string owner)
    {
        bool isNumber = uint.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out uint _);
        return OfUser(tree, isNumber ? $"{owner}:{owner}" : owner);
    }

    private static Accounts Read(Root tree) => new(
        tree.TryReadAll("etc/passwd"u8, AccountFile.MaxBytes) ?? [],
        tree.TryReadAll("etc/group"u8, AccountFile.MaxBytes) ?? []);
}
