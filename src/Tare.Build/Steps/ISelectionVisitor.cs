// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Is shown what a step takes, in order of names: to hash it, or to copy it.</summary>
internal interface ISelectionVisitor
{
    /// <summary>A source begins.</summary>
    /// <param name="name">its own</param>
    /// <param name="isFolder">what is in it is taken, not the folder</param>
    void BeginSource(byte[] name, bool isFolder);

    /// <summary>A folder, then what is in it, then <see cref="LeaveFolder"/>.</summary>
    void EnterFolder(in SelectedEntry folder);

    void LeaveFolder();

    /// <summary>A file by its name and status alone; true: it needs no more of it, and is not shown the open file.</summary>
    bool Knows(byte[] name, in FileStatus status) => false;

    /// <summary>Anything that is no folder.</summary>
    void File(in SelectedEntry file);
}
