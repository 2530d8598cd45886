// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Hosting;

/// <summary>Something that files say, read again when they change. What was read last and was right counts.</summary>
/// <remarks>Who asks always gets a whole value: there is no moment between the old and the new. Thread-safe; one thread looks.</remarks>
internal sealed class Watched<T>
    where T : class
{
    private readonly Func<T> _read;
    private readonly string?[] _paths;
    private volatile T _current;
    private string _stamp;

    /// <param name="read">reads the files</param>
    /// <param name="paths">the files; null ones are none</param>
    /// <exception cref="TareException">a file cannot be read or says something wrong</exception>
    public Watched(Func<T> read, params string?[] paths)
    {
        _read = read;
        _paths = paths;
        _stamp = Stamp();
        _current = read();
    }

    public T Current => _current;

    /// <summary>Reads the files if they are others than before.</summary>
    /// <param name="tell">is told that they were read, or why the old ones still count</param>
    public void Look(Action<string> tell)
    {
        string stamp = Stamp();
        if (stamp == _stamp)
        {
            return;
        }

        // before reading: a change during it is seen by the next look
        _stamp = stamp;
        string names = string.Join(", ", _paths.OfType<string>().Select(static path => Quoted.Text(path)));
        try
        {
            _current = _read();
            tell($"read {names} again");
        }
        catch (TareException e)
        {
            tell($"{names} changed, what was read before still counts: {e.Message}");
        }
    }

    private string Stamp() => string.Join(';', _paths.OfType<string>().Select(Describe));

    private static string Describe(string path)
    {
        try
        {
            return HostPath.TryStatus(path) is { } s ? $"{s.Inode}:{s.Size}:{s.ModifyTime.Seconds}.{s.ModifyTime.Nanoseconds}" : "-";
        }
        catch (LinuxException e)
        {
            return e.Errno.ToString();
        }
    }
}
