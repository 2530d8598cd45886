// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>A query that others are asked, one server after the other, until one knows.</summary>
internal sealed class UpstreamQuery : IDisposable
{
    private const int Rounds = 2;
    private const int IdBytes = 2;

    private readonly Upstreams _upstreams;
    private readonly byte[] _message;
    private readonly ushort _id;
    private readonly int _limit;
    private readonly IReadOnlyList<InetEnd> _servers;
    private IUpstreamAttempt? _attempt;
    private int _next;

    /// <param name="upstreams">are told</param>
    /// <param name="message">what was asked</param>
    /// <param name="asker">who asked</param>
    /// <param name="servers">who may know</param>
    public UpstreamQuery(Upstreams upstreams, ReadOnlySpan<byte> message, Asker asker, IReadOnlyList<InetEnd> servers)
    {
        (_upstreams, Asker, _servers) = (upstreams, asker, servers);
        _message = message.ToArray();
        _id = DnsMessage.Id(message);
        DnsQuery query = default;
        query.Read(message);
        _limit = asker.Stream is null ? Math.Min(query.UdpBytes, DnsMessage.MaxUdpBytes) : DnsMessage.MaxBytes;
    }

    public Asker Asker { get; }

    /// <summary>As it is sent to a server: with an id that is drawn for each.</summary>
    public ReadOnlySpan<byte> Message => _message;

    /// <summary>When the server that is being asked has had its time; of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; private set; }

    /// <summary>Asks the next server; once none is left, the asker is told that nobody knows.</summary>
    public void Failed()
    {
        _attempt?.Dispose();
        _attempt = null;
        while (_attempt is null && _next < _servers.Count * Rounds)
        {
            InetEnd server = _servers[_next++ % _servers.Count];
            Entropy.Fill(_message.AsSpan(0, IdBytes));
            Deadline = Environment.TickCount64 + _upstreams.PatienceMilliseconds;
            _attempt = TryAsk(server);
        }

        if (_attempt is null)
        {
            DnsMessage.SetId(_message, _id);
            _upstreams.GiveUp(this);
        }
    }

    /// <summary>A server answered; if it only says that it cannot, another is asked.</summary>
    /// <param name="answer">changed</param>
    public void Answered(Span<byte> answer)
    {
        bool another = _next % _servers.Count != 0;
        if (another && DnsMessage.Code(answer) is (DnsCode.ServerFailure or DnsCode.Refused or DnsCode.NotImplemented))
        {
            Failed();
            return;
        }

        DnsMessage.SetId(answer, _id);
        int length = answer.Length <= _limit ? answer.Length : DnsMessage.Cut(answer, answer.Length);
        _upstreams.Deliver(this, answer[..length]);
    }

    public void Dispose()
    {
        _attempt?.Dispose();
        _attempt = null;
    }

    private IUpstreamAttempt? TryAsk(InetEnd server)
    {
        try
        {
            return Asker.Stream is null
                ? new UpstreamAttempt(_upstreams.Loop, this, server, _upstreams.Buffer)
                : new UpstreamStream(_upstreams.Loop, this, server);
        }
        catch (LinuxException)
        {
            // no way there, or no descriptors left
            return null;
        }
    }
}
