// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>An image's users and groups; the caller has read the two files without trusting what they are.</summary>
internal sealed class Accounts(ReadOnlyMemory<byte> passwd, ReadOnlyMemory<byte> group)
{
    private const int Name = 0;
    private const int Id = 2;
    private const int PrimaryGroup = 3;
    private const int Members = 3;
    private const int Home = 5;
    private readonly AccountFile _passwd = new("/etc/passwd", passwd);
    private readonly AccountFile _group = new("/etc/group", group);

    /// <summary>Of an image with neither file.</summary>
    public static Accounts None { get; } = new(default, default);

    /// <summary>Resolves <c>user[:group]</c>; the empty text is user 0.</summary>
    /// <param name="user">names or numbers</param>
    /// <param name="groupAdd">further supplementary groups, names or numbers</param>
    /// <exception cref="TareException">InvalidArgument for what is no id, NotFound for a name that is not there,
    /// Corrupt when the entry found has no valid ids</exception>
    public Account Find(string user, IReadOnlyList<string> groupAdd)
    {
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        string userPart = colon < 0 ? user : user[..colon];
        string groupPart = colon < 0 ? "" : user[(colon + 1)..];
        uint? uid = userPart.Length == 0 ? 0 : AccountId.Read("user", userPart);
        (Account account, string? name) = uid is null ? FindByName(userPart) : FindByNumber(uid.Value);
        List<uint> groups = [];
        if (groupPart.Length > 0)
        {
            account = account with { Gid = FindGroup(groupPart) };
        }
        else if (name is not null)
        {
            // Only who comes without a group of their own choice comes with the groups that list them.
            AddMemberships(name, groups);
        }
        groups.AddRange(groupAdd.Select(FindGroup));
        return account with { Groups = [.. groups.Prepend(account.Gid).Distinct()] };
    }

    private (Account Account, string? Name) FindByNumber(uint uid)
    {
        foreach (AccountFile.Entry entry in _passwd.Entries())
        {
            if (AccountId.TryParse(entry[Id], out uint id) && id == uid
                && AccountId.TryParse(entry[PrimaryGroup], out uint gid))
            {
                return (new Account(uid, gid, [], HomeOf(entry)), entry.Text(Name));
            }
        }
        return (new Account(uid, 0, [], "/"), null);
    }

    private (Account Account, string? Name) FindByName(string user)
    {
        foreach (AccountFile.Entry entry in _passwd.Entries())
        {
            if (entry.Is(Name, user))
            {
                bool hasIds = AccountId.TryParse(entry[Id], out uint uid)
                    & AccountId.TryParse(entry[PrimaryGroup], out uint gid);
                return hasIds
                    ? (new Account(uid, gid, [], HomeOf(entry)), user)
                    : throw new TareException(ErrorKind.Corrupt, $"{_passwd.Path}: user {user} has no valid ids");
            }
        }
        throw new TareException(ErrorKind.NotFound, $"unable to find user {user}: no matching entries in passwd file");
    }

    private uint FindGroup(string group)
    {
        if (group.Length == 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, "a group has no name");
        }
        if (AccountId.Read("group", group) is { } number)
        {
            return number;
        }
        foreach (AccountFile.Entry entry in _group.Entries())
        {
            if (entry.Is(Name, group))
            {
                return AccountId.TryParse(entry[Id], out uint gid)
                    ? gid
                    : throw new TareException(ErrorKind.Corrupt, $"{_group.Path}: group {group} has no valid id");
            }
        }
        throw new TareException(ErrorKind.NotFound, $"unable to find group {group}: no matching entries in group file");
    }

    private void AddMemberships(string user, List<uint> groups)
    {
        byte[] name = Encoding.UTF8.GetBytes(user);
        foreach (AccountFile.Entry entry in _group.Entries())
        {
            ReadOnlySpan<byte> members = entry[Members];
            foreach (Range member in members.Split((byte)','))
            {
                if (members[member].SequenceEqual(name) && AccountId.TryParse(entry[Id], out uint gid))
                {
                    groups.Add(gid);
                    break;
                }
            }
        }
    }

    private static string HomeOf(AccountFile.Entry entry) => entry[Home].StartsWith("/"u8) ? entry.Text(Home) : "/";
}
