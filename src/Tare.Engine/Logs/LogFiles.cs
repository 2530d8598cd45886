// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>The files of a container's log, which its keeper may rotate at any moment.</summary>
/// <remarks>
/// A rotation gives each file the next higher number, the oldest first. So whoever opens them from the newest on meets
/// every file at least once, and knows one that it meets again by its inode, which is not given to another file while
/// it is open here; a packed one tells which it was (<see cref="LogOrigin"/>). One number can be free for a moment.
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

    /// <summary>The part is the one that is written now, so its end is not final.</summary>
    public bool IsCurrent(LogPart part) => part.IsNamed(folder, Name(0));

    /// <summary>Opens all files that are newer than a known one, the oldest first.</summary>
    /// <param name="known">lent; null, or one that was rotated away: all there are</param>
    public List<LogPart> OpenNewerThan(LogPart? known)
    {
        for (int attempt = 0; ; attempt++)
        {
            List<LogPart> parts = [];
            bool isSettled = Collect(known, parts);
            if (isSettled || attempt == MaxAttempts)
            {
                parts.Reverse();
                return parts;
            }

            parts.ForEach(part => part.Dispose());
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>False when a new file has come meanwhile: some could then stand in the wrong order.</summary>
    private bool Collect(LogPart? known, List<LogPart> parts)
    {
        LogPart? current = null;
        int missing = 0;
        for (int number = 0; number < MaxFiles && missing < MaxMissing; number++)
        {
            // a packed file has its name before the other one loses its own
            LogPart? part = LogPart.TryOpen(folder, Name(number));
            part ??= number > 0 ? LogPart.TryOpenPacked(folder, [.. Name(number), .. LogNames.PackedSuffix]) : null;
            missing = part is null ? missing + 1 : 0;
            if (part is null)
            {
                continue;
            }

            if (known is not null && part.IsSame(known))
            {
                part.Dispose();
                break;
            }

            if (parts.Exists(part.IsSame))
            {
                part.Dispose();
                continue;
            }

            current ??= number == 0 ? part : null;
            parts.Add(part);
        }

        return current is null ? folder.TryStatus(Name(0)) is null || parts.Count == 0 : IsCurrent(current);
    }

    private byte[] Name(int number) => Encoding.ASCII.GetBytes(
        number == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{number}"));
}
