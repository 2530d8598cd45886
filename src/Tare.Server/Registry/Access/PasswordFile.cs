// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Oci;

namespace Tare.Server.Registry.Access;

/// <summary>Users and the bcrypt hashes of their passwords, as <c>htpasswd -B</c> writes them.</summary>
internal sealed class PasswordFile
{
    private const int MaxBytes = 4 << 20;
    private const int MaxCost = 16;

    private readonly Dictionary<string, string> _hashes;

    private PasswordFile(Dictionary<string, string> hashes) => _hashes = hashes;

    /// <exception cref="TareException">NotFound, InvalidArgument: the line is named</exception>
    public static PasswordFile Read(string path)
    {
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach ((int number, string line) in TextLines.Read(path, MaxBytes))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string hash = colon > 0 ? line[(colon + 1)..].Trim() : "";
            if (!IsBcrypt(hash))
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"{Quoted.Text(path)}: line {number}: want USER:BCRYPT-HASH",
                    "htpasswd -B makes such lines; other kinds of hashes are not taken");
            }

            if (!hashes.TryAdd(line[..colon], hash))
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"{Quoted.Text(path)}: line {number}: the user is there twice");
            }
        }

        return new(hashes);
    }

    public bool Has(string user) => _hashes.ContainsKey(user);

    /// <summary>A short text that changes with the user's password and tells nothing of it; null for nobody.</summary>
    public string? Mark(string user) => _hashes.TryGetValue(user, out string? hash)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user}:{hash}")))[..32]
        : null;

    /// <summary>True when the password is the user's. Slow by design: tens of milliseconds of processor time.</summary>
    /// <remarks>A user who is not there costs as much as one who is.</remarks>
    public bool Verify(string user, string password)
    {
        bool isKnown = _hashes.TryGetValue(user, out string? hash);
        hash ??= _hashes.Values.FirstOrDefault() ?? "$2a$10$CwTycUXWue0Thq9StjUM0uJ8.ZOKJXo9pzpJ6m0OqsvE2v1X0yq3K";
        return BCrypt.Net.BCrypt.Verify(password, hash) && isKnown;
    }

    private static bool IsBcrypt(string hash) =>
        hash.Length == 60 && hash[0] == '$' && hash[1] == '2' && hash[2] is 'a' or 'b' or 'y' && hash[3] == '$' && hash[6] == '$'
        && int.TryParse(hash.AsSpan(4, 2), System.Globalization.CultureInfo.InvariantCulture, out int cost) && cost is >= 4 and <= MaxCost
        && !hash.AsSpan(7).ContainsAnyExcept(System.Buffers.SearchValues.Create(
            "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
}
