// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Tare.Server.Registry.Access;

/// <summary>One reading of the password file, and the right passwords that were seen since.</summary>
/// <remarks>A right password is remembered for some minutes, as a keyed hash in memory, because bcrypt is slow; of wrong ones few
/// are computed at a time, so that guesses cannot take the processor away from others. Thread-safe.</remarks>
/// <param name="file">users and hashes</param>
/// <param name="computing">lent; lets few at a time</param>
/// <param name="time">for how long a right password is remembered</param>
internal sealed class Passwords(PasswordFile file, SemaphoreSlim computing, TimeProvider time)
{
    private const int MaxRemembered = 4096;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = [];

    public bool Has(string user) => file.Has(user);

    /// <summary>A short text that changes with the user's password; null for nobody.</summary>
    public string? Mark(string user) => file.Mark(user);

    public async Task<bool> VerifyAsync(string user, string password, CancellationToken cancellation)
    {
        string proof = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user}:{password}")));
        DateTimeOffset now = time.GetUtcNow();
        if (_known.TryGetValue(proof, out DateTimeOffset until) && until > now)
        {
            return true;
        }

        await computing.WaitAsync(cancellation);
        try
        {
            if (!file.Verify(user, password))
            {
                return false;
            }
        }
        finally
        {
            computing.Release();
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        _known[proof] = now + Remembered;
        return true;
    }
}
