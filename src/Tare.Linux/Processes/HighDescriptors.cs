// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>
/// Duplicates above the numbers that they are to have in a child, so that placing one never overwrites another; close-on-exec, for as
/// long as this object lives.
/// </summary>
/// <remarks>
/// Not higher than that: with a number above 63 the kernel makes the table of descriptors larger, for which a process with threads
/// waits until every processor has passed a quiet state (synchronize_rcu): 5 to 15 ms.
/// </remarks>
internal sealed class HighDescriptors : IDisposable
{
    private readonly List<Fd> _fds = [];

    public HighDescriptors(IReadOnlyList<Fd> originals)
    {
        try
        {
            foreach (Fd original in originals)
            {
                int raw = Libc.fcntl(original.Raw, Libc.F_DUPFD_CLOEXEC, originals.Count);
                _fds.Add(new Fd(Libc.Check(raw, "fcntl", "F_DUPFD_CLOEXEC")));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count => _fds.Count;

    public int this[int index] => _fds[index].Raw;

    public void Dispose() => _fds.ForEach(fd => fd.Dispose());
}
