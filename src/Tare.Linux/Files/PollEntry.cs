// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>One descriptor of <see cref="Poll"/>.</summary>
/// <param name="Fd">lent; null is skipped</param>
/// <param name="Wanted">None is skipped</param>
internal record struct PollEntry(Fd? Fd, EpollEvents Wanted)
{
    public EpollEvents Ready { get; internal set; }
}
