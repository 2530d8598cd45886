// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;

namespace Tare.Images.Store;

/// <summary>What another stream gives, read on a thread of its own a few buffers ahead. Lends the inner stream until Dispose.</summary>
/// <remarks>
/// What the inner stream throws is thrown by the read that comes to it. Dispose waits until nobody reads the inner stream any
/// more: no longer than that takes for one buffer.
/// </remarks>
internal sealed class ReadAhead : ForwardStream
{
    private readonly Handoff _handoff = new();
    private readonly Task _reader;
    private ExceptionDispatchInfo? _failure;

    /// <param name="inner">nobody else reads it meanwhile</param>
    public ReadAhead(Stream inner) => _reader = Task.Factory.StartNew(
        () => ReadAll(inner), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _handoff.Read(buffer);
        }
        catch (IOException) when (_failure is not null)
        {
            _failure.Throw();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handoff.Dispose();
            _reader.GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private void ReadAll(Stream inner)
    {
        try
        {
            bool goesOn;
            do
            {
                byte[] buffer = Handoff.Rent();
                int n = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                goesOn = _handoff.Push(buffer, n) && n > 0;
            }
            while (goesOn);
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            _handoff.Fail(failure);
        }
    }
}
