// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network;

/// <content>Answers to clients with whose addresses keepers speak.</content>
internal sealed partial class StoreFirewall
{
    private const string AnswersV4 = "answers4";
    private const string AnswersV6 = "answers6";
    private const string Answering = "answering";
    private const int LastBeforeRoutes = -50;

    /// <summary>Answers of containers to transparent sockets get a mark from now on; nothing when they do already.</summary>
    /// <remarks>Apart from the rest, as not every kernel can tell such sockets, and only one who asks for them needs it.</remarks>
    /// <param name="socket">of the packet filter</param>
    /// <param name="mark">by which they are routed to the host: <see cref="AnswerPath"/></param>
    /// <exception cref="LinuxException">the kernel cannot</exception>
    public void EnsureAnswers(NetlinkSocket socket, uint mark)
    {
        FilterBatch rules = Inet().Rule(Answering, Answer(V4, AnswersV4, mark)).Rule(Answering, Answer(V6, AnswersV6, mark));
        if (FilterChains.List(socket).Exists(chain => chain.Family == FilterFamily.Inet && chain.Table == Table && chain.Name == Answering))
        {
            if (FilterChains.Rules(socket, new(FilterFamily.Inet, Table, Answering, null, false)).Count == 0)
            {
                // somebody flushed them
                rules.Send(socket);
            }

            return;
        }

        Inet().Set(AnswersV4, FilterType.Of(FilterType.IPv4, FilterType.Protocol, FilterType.Port))
            .Set(AnswersV6, FilterType.Of(FilterType.IPv6, FilterType.Protocol, FilterType.Port))
            .Chain(Answering, "filter", FilterHook.Prerouting, LastBeforeRoutes)
            .Rule(Answering, Answer(V4, AnswersV4, mark)).Rule(Answering, Answer(V6, AnswersV6, mark))
            .Send(socket);
    }

    /// <summary>A port wants such answers.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="family">of the addresses</param>
    public bool HasAnswers(NetlinkSocket socket, AddressFamily family) =>
        FilterSets.Keys(socket, FilterFamily.Inet, Table, family == AddressFamily.InterNetwork ? AnswersV4 : AnswersV6).Count > 0;

    /// <summary>What a container sends from a port that a keeper leads clients to, to one of those clients.</summary>
    private static FilterRule Answer(byte family, string set, uint mark)
    {
        bool isV4 = family == V4;
        int words = isV4 ? 1 : 4;
        return new FilterRule().Meta(MetaKey.InputName).In(Bridges).Meta(MetaKey.Family).Is([family])
            .Payload(PacketPart.Network, isV4 ? 12 : 8, words * 4).Meta(MetaKey.Protocol, words).Payload(PacketPart.Transport, 0, 2, words + 1)
            .In(set).ForTransparentSocket().SetMark(mark);
    }
}
