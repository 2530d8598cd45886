// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Unicode;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>Walks through a configuration file; what does not belong there is refused with line, column and
/// key.</summary>
/// <remarks>JSON (RFC 8259) with comments and with a comma after the last entry. Each method takes one value: it finds
/// the reader at the first token and leaves it at the last.</remarks>
internal ref partial struct ConfigurationTokens
{
    /// <summary>Entries of one list or object.</summary>
    public const int MaxEntries = 1000;

    /// <summary>Never reached: every object and list is expected, or refused where it begins.</summary>
    private const int MaxDepth = 8;

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _openComment;
    private readonly bool _isEmpty;
    private Utf8JsonReader _reader;

    /// <summary>The path of keys to where the reader is, such as <c>log-opts.max-size</c>.</summary>
    private string _key = "";

    /// <param name="bytes">the content</param>
    /// <param name="file">its name, for messages</param>
    public ConfigurationTokens(ReadOnlySpan<byte> bytes, string file)
    {
        byte[] bare = bytes.ToArray();
        _openComment = ConfigurationComments.Blank(bare);
        _bytes = bytes;
        _file = file;
        _reader = new(bare, new() { MaxDepth = MaxDepth, AllowTrailingCommas = true });
        _isEmpty = bare.AsSpan().Trim(" \t\r\n"u8).IsEmpty;
    }

    /// <summary>The whole file; one without any value says nothing.</summary>
    public T Document<T>(T value, IReadOnlyList<ConfigurationKey<T>> keys)
    {
        if (!Utf8.IsValid(_bytes))
        {
            throw FailAt(FirstInvalid(_bytes), "not a text in UTF-8");
        }

        if (_openComment >= 0)
        {
            throw FailAt(_openComment, "a comment without an end");
        }

        if (_isEmpty)
        {
            return value;
        }

        Next();
        value = Object(value, keys);

        // whatever stands behind the end is refused by the reader itself
        _ = TryNext();
        return value;
    }

    /// <summary>An object with known keys, each at most once.</summary>
    public T Object<T>(T value, IReadOnlyList<ConfigurationKey<T>> keys)
    {
        Expect(JsonTokenType.StartObject, "an object");
        string outer = _key;
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (NextName() is { } name)
        {
            ConfigurationKey<T>? key = Find(keys, name);
            if (key is null)
            {
                throw Unknown(name, keys);
            }

            CheckNew(seen, name);
            _key = Join(outer, name);
            Next();
            value = key.Read(ref this, value);
            _key = outer;
        }

        return value;
    }

    /// <summary>An object whose keys are names that the user chose, each at most once.</summary>
    /// <param name="value">what was read before</param>
    /// <param name="refuse">null for a good name, else the reason</param>
    /// <param name="read">reads the value of a name</param>
    public T Map<T>(T value, Func<string, string?> refuse, ReadConfigurationEntry<T> read)
    {
        Expect(JsonTokenType.StartObject, "an object");
        string outer = _key;
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        while (NextName() is { } name)
        {
            if (refuse(name) is { } reason)
            {
                throw Fail(reason);
            }

            CheckNew(seen, name);
            _key = Join(outer, name);
            Next();
            value = read(ref this, value, name);
            _key = outer;
        }

        return value;
    }

    /// <summary>A list; every entry adds to the value.</summary>
    public T List<T>(T value, ReadConfigurationValue<T> read)
    {
        Expect(JsonTokenType.StartArray, "a list");
        string outer = _key;
        for (int at = 0; ; at++)
        {
            Next();
            if (_reader.TokenType == JsonTokenType.EndArray)
            {
                return value;
            }

            _key = $"{outer}[{at}]";
            if (at == MaxEntries)
            {
                throw Fail($"more than {MaxEntries} entries");
            }

            value = read(ref this, value);
            _key = outer;
        }
    }

    public string Text()
    {
        Expect(JsonTokenType.String, "a text");
        return Unescaped();
    }

    public bool Truth()
    {
        if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            throw Wrong("true or false");
        }

        return _reader.TokenType == JsonTokenType.True;
    }

    public long Number(long min, long max)
    {
        Expect(JsonTokenType.Number, "a number");
        return _reader.TryGetInt64(out long number) && number >= min && number <= max
            ? number
            : throw Fail($"want a whole number from {min} to {max}");
    }

    /// <summary>Bytes: a number, or a text that <see cref="SizeText"/> reads.</summary>
    /// <param name="kilo">what k stands for</param>
    /// <param name="min">bytes</param>
    /// <param name="max">bytes</param>
    /// <param name="bounds">the same two for people</param>
    public long Size(long kilo, long min, long max, string bounds)
    {
        long bytes = -1;
        bool isSize = _reader.TokenType switch
        {
            JsonTokenType.Number => _reader.TryGetInt64(out bytes),
            JsonTokenType.String => SizeText.TryParse(Unescaped(), kilo, out bytes),
            _ => throw Wrong("a size such as \"64m\""),
        };
        return isSize && bytes >= min && bytes <= max
            ? bytes
            : throw Fail($"want a size from {bounds}, such as \"64m\"");
    }

    private static string Join(string outer, string name) => outer.Length == 0 ? name : $"{outer}.{name}";

    private static ConfigurationKey<T>? Find<T>(IReadOnlyList<ConfigurationKey<T>> keys, string name)
    {
        foreach (ConfigurationKey<T> key in keys)
        {
            if (key.Name == name)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Null at the end of the object.</summary>
    private string? NextName()
    {
        Next();
        return _reader.TokenType == JsonTokenType.EndObject ? null : Unescaped();
    }

    private readonly void CheckNew(HashSet<string> seen, string name)
    {
        if (!seen.Add(name))
        {
            throw Fail($"{Quoted.Text(name)} is there twice");
        }

        if (seen.Count > MaxEntries)
        {
            throw Fail($"more than {MaxEntries} entries");
        }
    }

    private readonly string Unescaped()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // the one thing that valid UTF-8 between quotes can still hide
            throw Fail("half a surrogate pair is not a text");
        }
    }

    private readonly void Expect(JsonTokenType kind, string what)
    {
        if (_reader.TokenType != kind)
        {
            throw Wrong(what);
        }
    }

    private void Next()
    {
        if (!TryNext())
        {
            throw FailAt(_bytes.Length, "the file ends too early");
        }
    }

    /// <summary>Goes to the next token; false at the end.</summary>
    private bool TryNext()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }
}
