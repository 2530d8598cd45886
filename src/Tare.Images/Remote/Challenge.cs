// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>One way to prove who one is, as a server offers it in <c>WWW-Authenticate</c>.</summary>
/// <remarks>RFC 9110 §11.6.1 (which replaces RFC 7235 §4.1). Names compare without regard to case.</remarks>
/// <param name="Scheme">such as Bearer or Basic</param>
/// <param name="Parameters">such as realm, service, scope</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaxChallenges = 8;
    private const int MaxParameters = 16;

    public bool Is(string scheme) => string.Equals(Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>The challenges of all these headers; what follows something malformed is left out.</summary>
    public static IReadOnlyList<Challenge> Parse(IEnumerable<string> headers)
    {
        List<Challenge> all = [];
        foreach (string header in headers)
        {
            var reader = new Reader(header);
            while (all.Count < MaxChallenges && reader.TryRead(out Challenge? challenge))
            {
                all.Add(challenge!);
            }
        }
        return all;
    }

    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;

        public bool TryRead(out Challenge? challenge)
        {
            challenge = null;
            SkipSpace(orCommas: true);
            ReadOnlySpan<char> scheme = Token();
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (scheme.IsEmpty || !TryReadParameters(parameters))
            {
                return false;
            }
            challenge = new Challenge(scheme.ToString(), parameters);
            return true;
        }

        /// <summary>False when something is malformed or said twice: two readers could read two realms.</summary>
        private bool TryReadParameters(Dictionary<string, string> parameters)
        {
            while (true)
            {
                int before = _at;
                SkipSpace(orCommas: parameters.Count > 0);
                ReadOnlySpan<char> name = Token();
                SkipSpace(orCommas: false);
                if (name.IsEmpty || !Take('='))
                {
                    // a token without '=' is the next challenge
                    _at = before;
                    return true;
                }
                SkipSpace(orCommas: false);
                if (!TryReadValue(out string value) || parameters.Count == MaxParameters || !parameters.TryAdd(name.ToString(), value))
                {
                    return false;
                }
            }
        }

        private bool TryReadValue(out string value)
        {
            if (!Take('"'))
            {
                value = Token().ToString();
                return value.Length > 0;
            }
            var quoted = new System.Text.StringBuilder();
            while (_at < _text.Length && _text[_at] != '"')
            {
                _at += _text[_at] == '\\' ? 1 : 0;
                if (_at < _text.Length)
                {
                    quoted.Append(_text[_at++]);
                }
            }
            value = quoted.ToString();
            return Take('"');
        }

        private bool Take(char c)
        {
            bool isThere = _at < _text.Length && _text[_at] == c;
            _at += isThere ? 1 : 0;
            return isThere;
        }

        private ReadOnlySpan<char> Token()
        {
            int start = _at;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || "!#$%&'*+-.^_`|~".Contains(_text[_at])))
            {
                _at++;
            }
            return _text[start.._at];
        }

        private void SkipSpace(bool orCommas)
        {
            while (_at < _text.Length && (_text[_at] is ' ' or '\t' || (orCommas && _text[_at] == ',')))
            {
                _at++;
            }
        }
    }
}
