// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Who_disposes_it_lets_it_go_even_when_a_child_still_has_the_descriptor()
    {
        using Fd file = HostPath.Open(_path, OpenFlags.ReadOnly);
        FileLock held = FileLock.TryTake(file)!;

        // what a fork of another thread leaves in the child until it executes its program
        List<Fd> inherited = [.. Descriptors().Select(static number => new Fd(Libc.fcntl(number, Libc.F_DUPFD_CLOEXEC, 0)))];
        try
        {
            Assert.Null(FileLock.TryTake(file));
            held.Dispose();
            held.Dispose();

            using FileLock? again = FileLock.TryTake(file);
            Assert.NotNull(again);
        }
        finally
        {
            inherited.ForEach(static copy => copy.Dispose());
        }
    }

    public void Dispose() => File.Delete(_path);

    private List<int> Descriptors() => [.. Directory.GetFiles("/proc/self/fd")
        .Where(name => new FileInfo(name).LinkTarget == _path)
        .Select(static name => int.Parse(Path.GetFileName(name), CultureInfo.InvariantCulture))];
}
