// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>A file that a step takes.</summary>
/// <param name="Path">relative to its source, slash-separated; empty for a folder that is the source itself</param>
/// <param name="Name">its own</param>
/// <param name="Handle">O_PATH, on the file itself; lent for the call</param>
/// <param name="Status">of it</param>
internal readonly record struct SelectedEntry(string Path, byte[] Name, Fd Handle, FileStatus Status)
{
    public Fd OpenRead() => Handle.Reopen(OpenFlags.ReadOnly);
}
