// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>A blob on its way from another registry to a file; any number of readers follow it.</summary>
/// <remarks>The last byte is shown when the digest of the whole was right, so nobody takes a wrong blob for complete.</remarks>
internal sealed class Fetch(Fd file, long size)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _progress = New();
    private long _shown;
    private Exception? _failure;
    private int _users = 1;

    /// <summary>Ends well when all bytes are here and right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Lent.</summary>
    public Fd File => file;

    /// <summary>Reads what is there, waiting for it; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_failure is not null)
                {
                    throw new TareException(ErrorKind.Unavailable, _failure.Message, inner: _failure);
                }

                if (at < _shown || IsVerified)
                {
                    int wanted = (int)Math.Min(buffer.Length, _shown - at);
                    return wanted <= 0 ? 0 : file.ReadAt(buffer.Span[..wanted], at);
                }

                wait = _progress.Task;
            }

            await wait.WaitAsync(ct);
        }
    }

    /// <summary>So many bytes are in the file.</summary>
    public void Came(long bytes) => Change(() => _shown = Math.Min(bytes, size - 1));

    public void Verified() => Change(() =>
    {
        IsVerified = true;
        _shown = size;
    });

    public void Failed(Exception cause) => Change(() => _failure = cause);

    /// <summary>False when everybody has left it: it is closed.</summary>
    public bool TryJoin()
    {
        lock (_lock)
        {
            if (_users == 0 || _failure is not null)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0)
            {
                file.Dispose();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            change();
            before = _progress;
            _progress = New();
        }

        before.SetResult();
    }
}
