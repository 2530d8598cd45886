// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Words;

/// <summary>Collects text into words: white space ends a word unless it was quoted or escaped.</summary>
internal sealed class WordList
{
    private readonly StringBuilder _word = new();
    private readonly List<string> _words = [];
    private bool _isInWord;

    /// <summary>Adds text whose white space separates.</summary>
    public void Add(string text)
    {
        foreach (char c in text)
        {
            Add(c);
        }
    }

    /// <summary>Adds a character that separates when it is white space.</summary>
    public void Add(char c)
    {
        if (!char.IsWhiteSpace(c))
        {
            AddRaw(c);
        }
        else if (_isInWord && _word.Length > 0)
        {
            End();
        }
    }

    /// <summary>Adds a character that belongs to the word, whatever it is.</summary>
    public void AddRaw(char c)
    {
        _word.Append(c);
        _isInWord = true;
    }

    /// <summary>Adds text that belongs to the word, whatever it is.</summary>
    public void AddRaw(string text)
    {
        _word.Append(text);
        _isInWord = true;
    }

    /// <summary>Ends the last word and hands out all; an empty word is none.</summary>
    public IReadOnlyList<string> Take()
    {
        if (_word.Length > 0)
        {
            End();
        }

        return _words;
    }

    private void End()
    {
        _words.Add(_word.ToString());
        _word.Clear();
        _isInWord = false;
    }
}
