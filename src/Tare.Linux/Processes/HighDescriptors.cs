// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Duplicates at numbers that nobody else uses, close-on-exec, for as long as this object lives.</summary>
internal sealed class HighDescriptors : IDisposable
{
    private readonly List<Fd> _fds = [];

    public HighDescriptors(IReadOnlyList<Fd> originals, int first)
    {
        try
        {
            foreach (Fd original in originals)
            {
                int raw = Libc.fcntl(original.Raw, Libc.F_DUPFD_CLOEXEC, first);
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
