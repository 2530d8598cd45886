// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The name of an entry as a path inside the layer: components joined by single slashes, none of them a dot.</summary>
/// <remarks>Absolute names count from the layer's root; <c>..</c> is refused, not resolved. One buffer, filled again and again.</remarks>
internal sealed class LayerPath
{
    private readonly byte[] _bytes = new byte[LayerLimits.MaxPathBytes];
    private int _length;
    private int _base;

    public bool IsRoot => _length == 0;

    public ReadOnlySpan<byte> Whole => _bytes.AsSpan(0, _length);

    /// <summary>The directory that holds the entry; empty for the root.</summary>
    public ReadOnlySpan<byte> Parent => _bytes.AsSpan(0, Math.Max(0, _base - 1));

    /// <summary>The last component; empty for the root itself.</summary>
    public ReadOnlySpan<byte> Base => _bytes.AsSpan(_base, _length - _base);

    /// <summary>Takes a name as it stands in the archive.</summary>
    public void Set(ReadOnlySpan<byte> name)
    {
        _length = _base = 0;
        if (name.IsEmpty || name.Length > LayerLimits.MaxPathBytes)
        {
            throw TarError.Corrupt($"name {ByteText.Quote(name)} has {name.Length} bytes, allowed are 1 to {LayerLimits.MaxPathBytes}");
        }

        int depth = 0;
        ReadOnlySpan<byte> rest = name;
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            if (!component.IsEmpty && !component.SequenceEqual("."u8))
            {
                Append(component, name);
                depth++;
            }
        }

        if (depth > LayerLimits.MaxDepth)
        {
            throw TarError.TooMuch($"name {ByteText.Quote(name)} is {depth} directories deep, more than {LayerLimits.MaxDepth}");
        }
    }

    private void Append(ReadOnlySpan<byte> component, ReadOnlySpan<byte> name)
    {
        if (!FileName.IsValid(component) || component.Length > FileName.MaxBytes)
        {
            throw TarError.Corrupt($"name {ByteText.Quote(name)} has the component {ByteText.Quote(component)}");
        }

        if (_length > 0)
        {
            _bytes[_length++] = (byte)'/';
        }

        _base = _length;
        component.CopyTo(_bytes.AsSpan(_length));
        _length += component.Length;
    }
}
