// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>The files of a container's log, which its keeper may rotate at any moment.</summary>
/// <remarks>
/// A rotation gives each file the next higher number, the oldest first. So whoever opens them from the newest on meets
/// every file at least once, and knows one that it meets again by its inode, which is not given to another file while
/// it is open here. One number can be free for a moment.
/// </remarks>
/// <param name="folder">owned from now on</param>
/// <param name="name">of the file that is written</param>
internal sealed class LogFiles(Fd folder, string name) : IDisposable
{
    /// <summary>Older files are not read.</summary>
    private const int MaxFiles = 512;

    /// <summary>Somebody rotates faster than files are opened: what is lost then is lost anyhow.</summary>
    private const int MaxAttempts = 100;

    private const int MaxMissing = 2;

    /// <summary>The file is the one that is written now, so its end is not final.</summary>
    public bool IsCurrent(Fd file) => folder.TryStatus(Name(0)) is { } current && current.SameFile(file.Status());

    /// <summary>Opens all files that are newer than a known one, the oldest first.</summary>
    /// <param name="known">lent; null, or one that was rotated away: all there are</param>
    public List<Fd> OpenNewerThan(Fd? known)
    {
        for (int attempt = 0; ; attempt++)
        {
            List<Fd> files = [];
            bool isSettled = Collect(known, files);
            if (isSettled || attempt == MaxAttempts)
            {
                files.Reverse();
                return files;
            }

            files.ForEach(file => file.Dispose());
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>False when a new file has come meanwhile: some could then stand in the wrong order.</summary>
    private bool Collect(Fd? known, List<Fd> files)
    {
        FileStatus? knownStatus = known?.Status();
        Fd? current = null;
        int missing = 0;
        for (int number = 0; number < MaxFiles && missing < MaxMissing; number++)
        {
            Fd? file = folder.TryOpen(Name(number), OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            missing = file is null ? missing + 1 : 0;
            if (file is null)
            {
                continue;
            }

            FileStatus status = file.Status();
            if (knownStatus is { } k && k.SameFile(status))
            {
                file.Dispose();
                break;
            }

            if (!status.IsRegular || files.Exists(other => other.Status().SameFile(status)))
            {
                file.Dispose();
                continue;
            }

            current ??= number == 0 ? file : null;
            files.Add(file);
        }

        return current is null ? folder.TryStatus(Name(0)) is null || files.Count == 0 : IsCurrent(current);
    }

    private byte[] Name(int number) => Encoding.ASCII.GetBytes(
        number == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{number}"));
}
