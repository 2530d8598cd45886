// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.Http.Headers;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>The bytes of a blob as they come; a connection that breaks or stalls is replaced where it ended.</summary>
/// <remarks>
/// Every byte handed out counts: a new connection is asked for the rest (RFC 9110 §14.2), and whoever answers with another
/// range lies; one that answers with the whole is read past what is known. Whether the bytes are right is for the reader to
/// check. Reading blocks the thread.
/// </remarks>
internal sealed class BlobDownload : ForwardStream
{
    /// <summary>Progress that makes earlier failures count no more.</summary>
    private const long Progress = 1 << 20;

    private readonly Func<long, CancellationToken, Task<HttpResponseMessage>> _open;
    private readonly RegistryOptions _options;
    private readonly Descriptor _content;
    private readonly string _what;
    private readonly CancellationToken _ct;
    private readonly Attempts _attempts;
    private readonly Timer _watch;
    private readonly CancellationTokenRegistration _stop;
    private HttpResponseMessage? _answer;
    private Stream? _body;
    private long _at;
    private long _failedAt;
    private long _waited;
    private int _came;
    private volatile bool _isStalled;

    /// <param name="open">asks for the bytes from an offset on</param>
    /// <param name="content">what they are</param>
    /// <param name="who">who sends them, for messages</param>
    /// <param name="options">how patiently</param>
    /// <param name="ct">ends a reading that waits</param>
    /// <param name="start">bytes at the beginning that are here already</param>
    public BlobDownload(
        Func<long, CancellationToken, Task<HttpResponseMessage>> open, Descriptor content, string who, RegistryOptions options,
        CancellationToken ct, long start = 0)
    {
        (_at, _failedAt) = (start, start);
        _open = open;
        _content = content;
        _options = options;
        _what = $"{who}: blob {content.Digest}";
        _ct = ct;
        _attempts = new Attempts(options);
        _watch = new Timer(_ => Break(stalled: true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stop = ct.UnsafeRegister(state => ((BlobDownload)state!).Break(stalled: false), this);
    }

    /// <summary>Connects; null when nobody has the blob.</summary>
    public async Task<BlobDownload?> ConnectAsync()
    {
        while (true)
        {
            try
            {
                return await TryConnectAsync() ? this : null;
            }
            catch (TransientException failure)
            {
                await Task.Delay(_attempts.Failed(_what, failure), _ct);
            }
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            try
            {
                if (_body is null && !TryConnectAsync().GetAwaiter().GetResult())
                {
                    throw new TareException(ErrorKind.NotFound, $"{_what}: it is gone");
                }
                return Take(buffer);
            }
            catch (TransientException failure)
            {
                Disconnect();
                CountFailure(failure);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
            _watch.Dispose();
            Disconnect();
        }
        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        long start = Stopwatch.GetTimestamp();
        int n;
        _watch.Change(_options.Stall, Timeout.InfiniteTimeSpan);
        try
        {
            n = _body!.Read(buffer);
        }
        catch (Exception e) when (NetworkFailure.Is(e) || _isStalled || _ct.IsCancellationRequested)
        {
            _ct.ThrowIfCancellationRequested();
            throw new TransientException(_isStalled ? "nothing comes any more" : "the connection broke", inner: e);
        }
        finally
        {
            _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        if (n == 0 && _at < _content.Size)
        {
            throw new TransientException($"the connection ended after {_at} of {_content.Size} bytes");
        }
        _at += n;
        CheckPace(n, Stopwatch.GetTimestamp() - start);
        return n;
    }

    /// <summary>Counts only the time that was spent waiting: a slow disk is not the server's fault.</summary>
    private void CheckPace(int came, long waited)
    {
        _came = Math.Min(_came + came, _options.StallBytes);
        _waited += waited;
        if (_waited < _options.Stall.TotalSeconds * Stopwatch.Frequency)
        {
            return;
        }
        if (_came < _options.StallBytes && _at < _content.Size)
        {
            throw new TareException(
                ErrorKind.Unavailable, $"{_what}: too slow: {_came} bytes in {_options.Stall.TotalSeconds:0.#} s");
        }
        (_came, _waited) = (0, 0);
    }

    private void CountFailure(TransientException failure)
    {
        if (_at - _failedAt >= Progress)
        {
            _attempts.Restart();
        }
        _failedAt = _at;
        _ct.WaitHandle.WaitOne(_attempts.Failed(_what, failure));
        _ct.ThrowIfCancellationRequested();
    }

    private async Task<bool> TryConnectAsync()
    {
        _isStalled = false;
        HttpResponseMessage answer = await _open(_at, _ct);
        _answer = answer;
        int code = (int)answer.StatusCode;
        if (code == 404)
        {
            Disconnect();
            return false;
        }
        long skip = code == 206 ? 0 : _at;
        CheckRange(answer, code == 206);
        _body = await answer.Content.ReadAsStreamAsync(_ct);
        Skip(skip);
        return true;
    }

    private void CheckRange(HttpResponseMessage answer, bool isPart)
    {
        ContentRangeHeaderValue? range = answer.Content.Headers.ContentRange;
        if (isPart && (_at == 0 || range is not { Unit: "bytes" } || range.From != _at || range.To != _content.Size - 1
            || (range.Length is { } whole && whole != _content.Size)))
        {
            throw Corrupt($"asked for the bytes from {_at} on, the server sends {range?.ToString() ?? "some that it does not name"}");
        }
        long want = isPart ? _content.Size - _at : _content.Size;
        if (answer.Content.Headers.ContentLength is { } length && length != want)
        {
            throw Corrupt($"the server offers {length} bytes, want {want}");
        }
    }

    /// <summary>Reads over what was handed out before; the digest of the whole tells whether it was the same.</summary>
    private void Skip(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }
        long goal = _at;
        Span<byte> known = stackalloc byte[4096];
        _at = 0;
        try
        {
            while (_at < goal)
            {
                Take(known[..(int)Math.Min(known.Length, goal - _at)]);
            }
        }
        finally
        {
            _at = goal;
        }
    }

    private void Break(bool stalled)
    {
        _isStalled |= stalled;
        _answer?.Dispose();
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _answer?.Dispose();
        (_body, _answer) = (null, null);
    }

    private TareException Corrupt(string what) => new(ErrorKind.Corrupt, $"{_what}: {what}");
}
