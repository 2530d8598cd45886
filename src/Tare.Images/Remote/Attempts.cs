// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Does one thing until it succeeds, fails for good, or was tried often enough.</summary>
internal sealed class Attempts(RegistryOptions options)
{
    private int _failed;

    /// <summary>Forgets failures: something was achieved since.</summary>
    public void Restart() => _failed = 0;

    /// <exception cref="TareException">Unavailable when the last attempt failed too; whatever <paramref name="once"/> throws else</exception>
    public static async Task<T> RunAsync<T>(RegistryOptions options, string what, Func<Task<T>> once, CancellationToken ct)
    {
        var attempts = new Attempts(options);
        while (true)
        {
            try
            {
                return await once();
            }
            catch (TransientException failure)
            {
                await Task.Delay(attempts.Failed(what, failure), ct);
            }
        }
    }

    /// <summary>Counts a failure; answers how long to wait before the next attempt.</summary>
    /// <exception cref="TareException">Unavailable: it was the last</exception>
    public TimeSpan Failed(string what, TransientException failure)
    {
        _failed++;
        TimeSpan pause = failure.Wait ?? options.Backoff * (1 << Math.Min(_failed - 1, 16));
        bool isPatient = failure.Wait is null || failure.Wait <= options.LongestWait;
        return _failed < options.Attempts && isPatient
            ? pause < options.LongestWait ? pause : options.LongestWait
            : throw new TareException(
                ErrorKind.Unavailable,
                isPatient ? $"{what}: {failure.Message}" : $"{what}: {failure.Message}, and asks to wait {(long)failure.Wait!.Value.TotalSeconds} s",
                inner: failure);
    }
}
