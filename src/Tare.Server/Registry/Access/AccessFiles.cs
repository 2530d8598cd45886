// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Access;

/// <summary>What the administrator's files say, at one time.</summary>
/// <param name="Passwords">null: nobody needs one</param>
/// <param name="Rights">null: every user may do everything</param>
internal sealed record AccessFiles(Passwords? Passwords, RightsFile? Rights)
{
    /// <param name="passwords">the file of users, or null</param>
    /// <param name="rights">the file of their rights, or null</param>
    /// <param name="computing">lent; lets few passwords be checked at a time</param>
    /// <param name="time">for how long a right one is remembered</param>
    /// <exception cref="TareException">NotFound, InvalidArgument: the line is named</exception>
    public static AccessFiles Read(string? passwords, string? rights, SemaphoreSlim computing, TimeProvider time) => new(
        passwords is null ? null : new(PasswordFile.Read(passwords), computing, time),
        rights is null ? null : RightsFile.Read(rights));

    /// <summary>What a user of the password file may do with a repository.</summary>
    public Right OfUser(string user, string repository) =>
        Passwords?.Has(user) != true ? Right.None : Rights?.Of(user, repository) ?? Right.All;
}
