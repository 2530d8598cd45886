// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>An open directory of the layer that is being written, and what stands at its place in the layers below.</summary>
internal sealed class LayerDirectory : IDisposable
{
    private readonly LayerDirectory? _parent;
    private readonly byte[] _name;
    private Fd? _lower;
    private bool _lowerKnown;
    private bool? _opaque;
    private bool _childrenHideThemselves;

    /// <param name="fd">open for reading; owned</param>
    /// <param name="name">the name in <paramref name="parent"/></param>
    /// <param name="parent">the directory above</param>
    /// <param name="opaque">whether the lower directory is hidden; null to look when it matters</param>
    public LayerDirectory(Fd fd, ReadOnlySpan<byte> name, LayerDirectory parent, bool? opaque)
    {
        Fd = fd;
        _name = name.ToArray();
        _parent = parent;
        _opaque = opaque;
    }

    /// <summary>The root.</summary>
    /// <param name="fd">open for reading; owned</param>
    /// <param name="lower">the root of the merged view of the layers below; owned; null when there is none</param>
    public LayerDirectory(Fd fd, Fd? lower)
    {
        Fd = fd;
        _name = [];
        _lower = lower;
        _lowerKnown = true;
    }

    public Fd Fd { get; }

    public ReadOnlySpan<byte> Name => _name;

    /// <summary>The times that it gets when the writer leaves it, because each new child changes them.</summary>
    public FileTime AccessTime { get; set; }

    public FileTime ModifyTime { get; set; }

    /// <summary>The directory at this place in the layers below; null when there is none or it is hidden.</summary>
    public Fd? Lower
    {
        get
        {
            if (!_lowerKnown)
            {
                _lowerKnown = true;
                _lower = IsOpaque ? null : OpenBelow();
            }

            return _lower;
        }
    }

    private bool IsOpaque => _opaque ??= Whiteout.IsOpaque(Fd);

    /// <summary>Hides the lower directory from now on; nothing is marked where there is none.</summary>
    public void HideLower()
    {
        if (Lower is not null || _parent is { _childrenHideThemselves: true })
        {
            Whiteout.MakeOpaque(Fd);
            ForgetLower();
        }
    }

    /// <summary>Takes the lower root as hidden name by name; a directory that replaces such a mark needs its own.</summary>
    public void HideLowerRoot()
    {
        ForgetLower();
        _childrenHideThemselves = true;
    }

    private void ForgetLower()
    {
        _lower?.Dispose();
        _lower = null;
        _lowerKnown = true;
    }

    /// <summary>Gives the directory its times and closes it.</summary>
    public void Leave()
    {
        Fd.SetTimes(AccessTime, ModifyTime);
        Dispose();
    }

    public void Dispose()
    {
        Fd.Dispose();
        _lower?.Dispose();
    }

    private Fd? OpenBelow() =>
        _parent!.Lower is { } lower && lower.TryStatus(_name) is { IsDirectory: true }
            ? lower.Open(_name, OpenFlags.Path | OpenFlags.Directory)
            : null;
}
