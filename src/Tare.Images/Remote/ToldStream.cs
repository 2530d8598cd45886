// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Images.Remote;

/// <summary>Tells how many bytes were read, some times a second, and once that the end was reached. Lends the inner stream.</summary>
/// <param name="inner">what is read</param>
/// <param name="moved">bytes so far</param>
/// <param name="end">the end was read</param>
internal sealed class ToldStream(Stream inner, Action<long> moved, Action end) : ForwardStream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private long _count;
    private long _told;
    private bool _isEnded;

    public override int Read(Span<byte> buffer)
    {
        int n = inner.Read(buffer);
        _count += n;
        if (n > 0 && (_told == 0 || Stopwatch.GetElapsedTime(_told) > Pause))
        {
            _told = Stopwatch.GetTimestamp();
            moved(_count);
        }
        if (n == 0 && !buffer.IsEmpty && !_isEnded)
        {
            _isEnded = true;
            end();
        }
        return n;
    }
}
