// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Store;

/// <summary>One line of what a removal did.</summary>
/// <param name="IsDeleted">false: a name was taken away; true: an image or layer is gone</param>
/// <param name="Text">the name as users write it, or the digest</param>
internal sealed record RemovedItem(bool IsDeleted, string Text)
{
    /// <summary>As docker prints it.</summary>
    public override string ToString() => IsDeleted ? $"Deleted: {Text}" : $"Untagged: {Text}";
}
