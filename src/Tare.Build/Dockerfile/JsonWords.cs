// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Tare.Build.Dockerfile;

/// <summary>The JSON form of arguments: an array of strings and nothing else.</summary>
internal static class JsonWords
{
    /// <summary>The strings; null when the text is no JSON array, which makes it the other form.</summary>
    /// <exception cref="FormatException">it is an array, with something else than strings in it</exception>
    public static IReadOnlyList<string>? TryRead(string text)
    {
        if (!text.StartsWith('['))
        {
            return null;
        }

        try
        {
            return Read(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // a string with half a surrogate pair
            return null;
        }
    }

    private static List<string>? Read(byte[] json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 64 });
        List<string> words = [];
        bool onlyStrings = true;
        reader.Read();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
            {
                words.Add(reader.GetString()!);
            }
            else if (reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth > 0)
            {
                onlyStrings = false;
            }
        }

        return onlyStrings ? words
            : throw new FormatException("the JSON form takes strings only");
    }
}
