// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Starting;

/// <summary>What must be taken back, last first, unless everything succeeds.</summary>
/// <remarks>
/// A step that fails while it is being taken back does not keep the others from being taken back; the operation's own
/// failure is what the caller hears.
/// </remarks>
internal sealed class Undo
{
    private readonly Stack<Action> _steps = new();

    /// <summary>Remembers how to take back what was just done.</summary>
    public void Add(Action step) => _steps.Push(step);

    /// <summary>Everything succeeded; nothing is taken back any more.</summary>
    public void Keep() => _steps.Clear();

    /// <summary>Takes everything back.</summary>
    /// <returns>false when something could not be</returns>
    public bool TakeBack()
    {
        bool isDone = true;
        while (_steps.TryPop(out Action? step))
        {
            try
            {
                step();
            }
            catch (Exception failure) when (failure is Linux.LinuxException or Oci.TareException or IOException)
            {
                // the next command's recovery finds what is left, if the operation is not completed
                isDone = false;
            }
        }

        return isDone;
    }
}
