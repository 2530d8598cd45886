// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci.Runtime.Reading;

/// <summary>The tokens of a document of the runtime specification, for readers that know the ordinary and give up on
/// anything else.</summary>
/// <remarks>
/// Such a reader never says that a document is wrong, only that it is not sure; the serializer, which costs
/// milliseconds to get ready, then decides and words the error. So everything unusual may be given up: null, a member
/// that is unknown or comes twice, a wrong type, a NUL. Giving up sticks: no token is read from then on, every loop
/// ends by itself and what was read is thrown away.
/// <para>A value is read from its first token to its last; <see cref="Member"/> and <see cref="List"/> step between.</para>
/// </remarks>
internal ref struct FastTokens
{
    /// <summary>As of the serializer; only what is skipped can be deep.</summary>
    private const int MaxDepth = 64;

    private Utf8JsonReader _reader;
    private bool _gaveUp;
    private int _asked;

    private FastTokens(ReadOnlySpan<byte> bytes) =>
        _reader = new(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });

    public delegate T One<T>(ref FastTokens t);

    /// <summary>The one value that the document is; null when not sure of it.</summary>
    /// <param name="bytes">UTF-8</param>
    /// <param name="read">what reads that value</param>
    public static T? Document<T>(ReadOnlySpan<byte> bytes, One<T> read)
        where T : class
    {
        try
        {
            var t = new FastTokens(bytes);
            _ = t._reader.Read();
            T value = read(ref t);
            return t._gaveUp || t._reader.Read() ? null : value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // malformed; a text that is not Unicode
            return null;
        }
    }

    public void GiveUp() => _gaveUp = true;

    /// <inheritdoc cref="GiveUp()"/>
    public T? GiveUp<T>()
    {
        _gaveUp = true;
        return default;
    }

    /// <summary>Into an object.</summary>
    /// <returns>for <see cref="Is"/>: none of its members was seen yet</returns>
    public ulong Object()
    {
        Insist(_reader.TokenType == JsonTokenType.StartObject);
        return 0;
    }

    /// <summary>On to the next member of the object; false at its end.</summary>
    public bool Member()
    {
        _asked = 0;
        return !_gaveUp && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>True when the member has this name; its value is then the next to be read. Gives up when it has it for
    /// the second time.</summary>
    /// <param name="name">as the specification spells it</param>
    /// <param name="seen">one bit a name: the names of an object are asked for in a fixed order until one fits, so the
    /// number of the question stands for the name</param>
    public bool Is(ReadOnlySpan<byte> name, ref ulong seen)
    {
        ulong bit = 1UL << _asked++;
        if (!_reader.ValueTextEquals(name))
        {
            return false;
        }

        Insist((seen & bit) == 0 && _reader.Read());
        seen |= bit;
        return true;
    }

    /// <summary>A value that nobody wants.</summary>
    public void Skip() => _reader.Skip();

    public string Text()
    {
        bool ok = _reader.TokenType == JsonTokenType.String;
        Insist(ok);
        return ok ? Checked() : "";
    }

    /// <summary>True when the value is this text.</summary>
    public readonly bool Says(ReadOnlySpan<byte> word) =>
        _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(word);

    public bool Flag()
    {
        bool value = _reader.TokenType == JsonTokenType.True;
        Insist(value || _reader.TokenType == JsonTokenType.False);
        return value;
    }

    public ushort UInt16()
    {
        ushort value = 0;
        Insist(_reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt16(out value));
        return value;
    }

    public int Int32()
    {
        int value = 0;
        Insist(_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out value));
        return value;
    }

    public uint UInt32()
    {
        uint value = 0;
        Insist(_reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt32(out value));
        return value;
    }

    public long Int64()
    {
        long value = 0;
        Insist(_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out value));
        return value;
    }

    public ulong UInt64()
    {
        ulong value = 0;
        Insist(_reader.TokenType == JsonTokenType.Number && _reader.TryGetUInt64(out value));
        return value;
    }

    /// <summary>As the serializer writes it. RFC 3339</summary>
    public DateTimeOffset Time()
    {
        DateTimeOffset value = default;
        Insist(_reader.TokenType == JsonTokenType.String && _reader.TryGetDateTimeOffset(out value));
        return value;
    }

    public IReadOnlyList<string> Texts() => List(static (ref t) => t.Text());

    public IReadOnlyList<T> List<T>(One<T> read)
    {
        List<T> list = [];
        Insist(_reader.TokenType == JsonTokenType.StartArray);
        while (!_gaveUp && _reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(read(ref this));
        }

        return list;
    }

    public IReadOnlyDictionary<string, string> TextMap() => Map(static (ref t) => t.Text());

    public IReadOnlyDictionary<string, T> Map<T>(One<T> read)
    {
        Dictionary<string, T> map = new(StringComparer.Ordinal);
        Insist(_reader.TokenType == JsonTokenType.StartObject);
        while (Member())
        {
            string name = Checked();
            Insist(_reader.Read() && map.TryAdd(name, read(ref this)));
        }

        return map;
    }

    /// <summary>A member that must be there.</summary>
    public T Need<T>(T? value)
        where T : struct
    {
        Insist(value is not null);
        return value.GetValueOrDefault();
    }

    /// <inheritdoc cref="Need{T}(T?)"/>
    public string Need(string? value)
    {
        Insist(value is not null);
        return value ?? "";
    }

    /// <inheritdoc cref="Need{T}(T?)"/>
    public T Need<T>(T? value)
        where T : class
    {
        Insist(value is not null);
        return value!;
    }

    /// <summary>The text of the token. All texts go to the kernel sooner or later, which ends them at a NUL; that comes
    /// only escaped.</summary>
    private string Checked()
    {
        string text = _reader.GetString()!;
        Insist(!_reader.ValueIsEscaped || !text.Contains('\0', StringComparison.Ordinal));
        return text;
    }

    /// <summary>Gives up unless so. Not an assignment with <c>|=</c>: that would forget what its right side gave up.</summary>
    private void Insist(bool ok)
    {
        if (!ok)
        {
            _gaveUp = true;
        }
    }
}
