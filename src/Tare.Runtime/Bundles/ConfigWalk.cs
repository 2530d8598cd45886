// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>Goes through a document beside the type that it is to become, and tells where they differ.</summary>
/// <remarks>
/// The serializer tells less: its messages are left out of the binary, it takes null in lists, words in any case and
/// members that come twice. Unknown members are passed over, as the specification wants it; one that differs from a
/// known one in case alone is refused, because readers written in Go would take it for the known one.
/// </remarks>
internal ref struct ConfigWalk
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly JsonSerializerOptions _options;
    private readonly ConfigPath _path = new();
    private readonly HashSet<(Type Type, string Name)> _names = [];
    private Utf8JsonReader _reader;

    private ConfigWalk(ReadOnlySpan<byte> bytes, JsonSerializerOptions options)
    {
        _bytes = bytes;
        _options = options;
        _reader = new(bytes, new JsonReaderOptions { MaxDepth = ConfigReader.MaxDepth });
    }

    /// <exception cref="TareException">InvalidArgument: the document cannot become the type</exception>
    public static void Check(ReadOnlySpan<byte> bytes, JsonTypeInfo type)
    {
        var walk = new ConfigWalk(bytes, type.Options);
        try
        {
            walk.Document(type);
        }
        catch (JsonException e)
        {
            throw walk.Broken(e);
        }
    }

    private void Document(JsonTypeInfo type)
    {
        _reader.Read();
        Value(type.Type, takesNull: false);
        _reader.Read();
    }

    private void Value(Type declared, bool takesNull)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (_reader.TokenType == JsonTokenType.Null)
        {
            if (!takesNull && type == declared)
            {
                throw Wrong("null is no value for it");
            }
        }
        else if (type == typeof(string))
        {
            Want(JsonTokenType.String, "a text");
            CheckText();
        }
        else if (type == typeof(bool))
        {
            _ = _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? true : throw Unwanted("true or false");
        }
        else if (type.IsEnum)
        {
            Name(type);
        }
        else if (NumberKind.Of(type) is { } kind)
        {
            _ = _reader.TokenType == JsonTokenType.Number && kind.Fits(ref _reader) ? true : throw Unwanted(kind.Wanted);
        }
        else
        {
            Composite(type);
        }
    }

    private void Composite(Type type)
    {
        JsonTypeInfo info = _options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Object)
        {
            Members(info);
        }
        else if (info.Kind == JsonTypeInfoKind.Dictionary || type == typeof(IReadOnlyDictionary<string, string>))
        {
            Map(info.ElementType ?? typeof(string));
        }
        else
        {
            Entries(info.ElementType ?? typeof(string));
        }
    }

    private void Members(JsonTypeInfo info)
    {
        Want(JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = MemberName();
            _path.Enter(name);
            if (!seen.Add(name))
            {
                throw Wrong("is there twice");
            }

            if (Find(info, name) is { } property)
            {
                _reader.Read();
                Value(property.PropertyType, property.IsSetNullable);
            }
            else
            {
                _reader.Skip();
            }

            _path.Leave();
        }

        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (property.IsRequired && !seen.Contains(property.Name))
            {
                _path.Enter(property.Name);
                throw Wrong("missing");
            }
        }
    }

    private JsonPropertyInfo? Find(JsonTypeInfo info, string name)
    {
        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (property.Name == name)
            {
                return property;
            }

            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                throw Wrong($"must be spelt {property.Name}");
            }
        }

        return null;
    }

    private void Map(Type element)
    {
        Want(JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = MemberName();
            _path.EnterKey(name);
            if (!seen.Add(name))
            {
                throw Wrong("is there twice");
            }

            _reader.Read();
            Value(element, takesNull: false);
            _path.Leave();
        }
    }

    private void Entries(Type element)
    {
        Want(JsonTokenType.StartArray, "a list");
        for (int i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _path.Enter(i);
            Value(element, takesNull: false);
            _path.Leave();
        }
    }

    /// <summary>A word of a closed set, spelt exactly so.</summary>
    private void Name(Type type)
    {
        Want(JsonTokenType.String, "a text");
        CheckText();
        string name = _reader.GetString()!;
        if (!_names.Contains((type, name)) && !IsName(_options.GetTypeInfo(type), name))
        {
            throw Wrong($"unknown {Noun(type)} {Quoted.Text(name)}");
        }

        _names.Add((type, name));
    }

    private readonly bool IsName(JsonTypeInfo info, string name)
    {
        try
        {
            Utf8JsonReader copy = _reader;
            object? value = JsonSerializer.Deserialize(ref copy, info);
            return JsonSerializer.SerializeToElement(value, info).ValueEquals(name);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Noun(Type type) =>
        type == typeof(NamespaceType) ? "namespace"
        : type == typeof(SeccompAction) ? "seccomp action"
        : type == typeof(SeccompOperator) ? "seccomp operator"
        : "word";

    private string MemberName()
    {
        CheckText();
        return _reader.GetString()!;
    }

    /// <summary>All texts go to the kernel sooner or later, which ends them at a NUL.</summary>
    private readonly void CheckText()
    {
        string? why = null;
        try
        {
            why = !_reader.ValueIsEscaped ? (Utf8.IsValid(_reader.ValueSpan) ? null : "not UTF-8")
                : _reader.GetString()!.Contains('\0', StringComparison.Ordinal) ? "holds a NUL"
                : null;
        }
        catch (InvalidOperationException)
        {
            why = "holds half of a surrogate pair";
        }

        if (why is not null)
        {
            throw Wrong(why);
        }
    }

    private readonly void Want(JsonTokenType token, string what)
    {
        if (_reader.TokenType != token)
        {
            throw Unwanted(what);
        }
    }

    private readonly TareException Unwanted(string wanted) => Wrong($"want {wanted}, is {Found()}");

    private readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.String => Quoted.Text(System.Text.Encoding.UTF8.GetString(_reader.ValueSpan)),
        JsonTokenType.Number => Quoted.Text(System.Text.Encoding.UTF8.GetString(_reader.ValueSpan)).Trim('"'),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.StartArray => "a list",
        _ => "an object",
    };

    private readonly TareException Wrong(string why)
    {
        ReadOnlySpan<byte> before = _bytes[..(int)_reader.TokenStartIndex];
        return At(why, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'));
    }

    private readonly TareException Broken(JsonException cause)
    {
        string why = IsTooDeep() ? $"nested deeper than {ConfigReader.MaxDepth}" : "not well-formed JSON";
        return At(why, cause.LineNumber ?? 0, cause.BytePositionInLine ?? 0);
    }

    /// <summary>Asked anew: a reader that failed while it skipped has forgotten how deep it was.</summary>
    private readonly bool IsTooDeep()
    {
        var probe = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = ConfigReader.MaxDepth });
        try
        {
            while (probe.Read())
            {
            }

            return false;
        }
        catch (JsonException)
        {
            // the bracket that is too much is not counted, nor is the one before it while it is the current token
            return probe.CurrentDepth >= ConfigReader.MaxDepth - 1;
        }
    }

    private readonly TareException At(string why, long line, long column)
    {
        string where = _path.IsEmpty ? "" : $"{_path}: ";
        return new(ErrorKind.InvalidArgument, $"{where}{why} (line {line + 1}, byte {column + 1})");
    }
}
