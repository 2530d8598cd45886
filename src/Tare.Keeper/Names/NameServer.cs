// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Answers a container's questions for names, on sockets that were opened inside its network namespace.</summary>
/// <remarks>
/// Start reading here: <see cref="Resolver"/> decides, <see cref="NameBook"/> knows, <see cref="Upstreams"/> asks others
/// from the keeper's own network namespace, which is the host's.
/// </remarks>
internal sealed class NameServer : IDisposable
{
    /// <summary>Connections at a time.</summary>
    public const int MaxStreams = 50;

    private const int BatchCount = 16;
    private const int BatchesPerTurn = 4;

    /// <summary>Longer questions are refused, longer answers of ours go by TCP.</summary>
    private const int QuestionBytes = 1024;
    private const int AnswerBytes = 2048;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Loop _loop;
    private readonly NameBook _book;
    private readonly Resolver _resolver;
    private readonly DatagramBatch _batch = new(BatchCount, QuestionBytes, AnswerBytes);
    private readonly byte[] _buffer = IdleMemory.Buffer(DnsMessage.MaxBytes + 1);
    private readonly Upstreams _upstreams;
    private readonly List<StreamAsker> _streams = [];
    private readonly Ticker _ticker;
    private readonly long _idleMilliseconds;
    private Fd? _udp;
    private Fd? _tcp;
    private Watch? _udpWatch;
    private Watch? _tcpWatch;

    /// <param name="loop">lent</param>
    /// <param name="patience">how long one server of the world may take; null: two seconds</param>
    /// <param name="idle">how long a connection may be silent; null: ten seconds</param>
    /// <param name="all">where all names of a store are: it is the host that asks; null: a container does</param>
    public NameServer(Loop loop, TimeSpan? patience = null, TimeSpan? idle = null, NameFiles? all = null)
    {
        _loop = loop;
        _book = new NameBook(all);
        _resolver = new Resolver(_book, isOfHost: all is not null);
        _upstreams = new Upstreams(loop, _buffer, patience ?? Patience, Answered);
        _idleMilliseconds = (long)(idle ?? TimeSpan.FromSeconds(10)).TotalMilliseconds;
        _ticker = new Ticker(loop, LookInterval, LookAtStreams);
        _ticker.Prepare();
    }

    /// <summary>Queries that wait for somebody else's answer.</summary>
    public int Waiting => _upstreams.Waiting;

    /// <summary>Connections of askers.</summary>
    public int Streams => _streams.Count;

    /// <summary>Does from now on what the order says.</summary>
    /// <param name="order">its numbers of descriptors count no more</param>
    /// <param name="subnets">of the container's networks: nobody outside is asked who has an address there</param>
    /// <param name="udp">owned from now on; null: the one that it has stays</param>
    /// <param name="tcp">as <paramref name="udp"/></param>
    public void Set(NameOrder order, IReadOnlyList<InetNetwork> subnets, Fd? udp, Fd? tcp)
    {
        _book.Set(order, subnets);
        _resolver.IsInternal = order.IsInternal;
        _upstreams.Servers = order.IsInternal ? [] : order.Upstreams;
        if (udp is not null)
        {
            Replace(ref _udp, ref _udpWatch, udp, AnswerDatagrams);
        }

        if (tcp is not null)
        {
            Replace(ref _tcp, ref _tcpWatch, tcp, Accept);
        }
    }

    public void Dispose()
    {
        _udpWatch?.Remove();
        _tcpWatch?.Remove();
        _udp?.Dispose();
        _tcp?.Dispose();
        _streams.ForEach(stream => stream.Dispose());
        _streams.Clear();
        _upstreams.Dispose();
        _ticker.Dispose();
    }

    /// <summary>Answers a query of a connection, at once or later.</summary>
    internal void Ask(ReadOnlySpan<byte> message, StreamAsker asker)
    {
        _book.Refresh();
        switch (_resolver.Answer(message, _buffer.AsSpan(0, DnsMessage.MaxBytes), isTcp: true, out int length))
        {
            case Verdict.Answered:
                asker.Send(_buffer.AsSpan(0, length));
                break;
            case Verdict.Forward:
                asker.Waiting++;
                if (!_upstreams.TryAsk(message, new Asker(default, asker)))
                {
                    asker.Waiting--;
                    asker.Send(_buffer.AsSpan(0, Resolver.Fail(message, _buffer)));
                }

                break;
        }
    }

    internal void Leave(StreamAsker asker)
    {
        asker.Dispose();
        _streams.Remove(asker);
        _upstreams.Forget(asker);
        if (_tcpWatch is not null)
        {
            _tcpWatch.Wanted = EpollEvents.Readable;
        }
    }

    private void Replace(ref Fd? socket, ref Watch? watch, Fd by, Action ready)
    {
        watch?.Remove();
        socket?.Dispose();
        socket = by;
        by.SetNonBlocking(true);
        watch = _loop.Watch(by, _ => ready());
        watch.Wanted = EpollEvents.Readable;
    }

    private void AnswerDatagrams()
    {
        try
        {
            for (int i = 0; i < BatchesPerTurn && _batch.Receive(_udp!) > 0; i++)
            {
                // after the questions came, so that an answer is never older than its question
                _book.Refresh();
                for (int each = 0; each < _batch.Count; each++)
                {
                    Answer(each);
                }

                _batch.Send(_udp!);
                if (_batch.Count < BatchCount)
                {
                    break;
                }
            }
        }
        catch (LinuxException)
        {
            // an error of the network that concerns nobody here
        }
    }

    private void Answer(int index)
    {
        ReadOnlySpan<byte> message = _batch[index];
        Span<byte> room = _batch.Room(index);
        Verdict verdict = _resolver.Answer(message, room, isTcp: false, out int length);
        if (verdict == Verdict.Forward && !_upstreams.TryAsk(message, new Asker(_batch.Sender(index), null)))
        {
            length = Resolver.Fail(message, room);
        }

        _batch.Answer(index, length);
    }

    private void Answered(UpstreamQuery query, ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
        {
            answer = _buffer.AsSpan(0, Resolver.Fail(query.Message, _buffer));
        }

        if (query.Asker.Stream is { } stream)
        {
            stream.Waiting--;
            stream.Send(answer);
            stream.Advance();
        }
        else
        {
            SendTo(query.Asker.End, answer);
        }
    }

    private void SendTo(InetEnd end, ReadOnlySpan<byte> answer)
    {
        try
        {
            InetSocket.TrySend(_udp!, answer, end);
        }
        catch (LinuxException)
        {
            // who asked is no longer there
        }
    }

    private void Accept()
    {
        try
        {
            while (_streams.Count < MaxStreams && InetSocket.TryAccept(_tcp!, out _) is { } socket)
            {
                _streams.Add(new StreamAsker(_loop, this, socket));
                _ticker.Ensure();
            }
        }
        catch (LinuxException)
        {
            // no descriptors or no memory: see below
            _ticker.Ensure();
            _tcpWatch!.Wanted = EpollEvents.None;
        }

        if (_streams.Count >= MaxStreams)
        {
            // the next is accepted when somebody leaves
            _tcpWatch!.Wanted = EpollEvents.None;
        }
    }

    private bool LookAtStreams(long now)
    {
        foreach (StreamAsker stream in _streams.Where(each => each.Waiting == 0 && now - each.LastUsed >= _idleMilliseconds).ToList())
        {
            Leave(stream);
        }

        if (_tcpWatch is not null && _streams.Count < MaxStreams)
        {
            _tcpWatch.Wanted = EpollEvents.Readable;
        }

        return _streams.Count > 0;
    }
}
