// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Steps;

/// <summary><c>--chmod</c>: octal digits, or symbolic as chmod(1) has them. The text was found valid before.</summary>
internal sealed class ModeChange(string text)
{
    private const uint AllBits = 0xFFF;
    private const uint SetUser = 0x800;
    private const uint SetGroup = 0x400;
    private const uint Sticky = 0x200;

    /// <summary>It says all bits, whatever they were.</summary>
    public bool IsOctal { get; } = text.All(char.IsAsciiDigit);

    public uint Apply(uint mode, bool isFolder)
    {
        if (IsOctal)
        {
            return Convert.ToUInt32(text, 8) & AllBits;
        }

        foreach (string clause in text.Split(','))
        {
            mode = Clause(clause, mode, isFolder);
        }

        return mode;
    }

    private static uint Clause(string clause, uint mode, bool isFolder)
    {
        int at = clause.AsSpan().IndexOfAnyExcept("ugoa");
        string who = at == 0 || clause.AsSpan(0, at).Contains('a') ? "ugo" : clause[..at];
        for (int i = at; i < clause.Length;)
        {
            char operation = clause[i++];
            int end = clause.AsSpan(i).IndexOfAny("+-=");
            ReadOnlySpan<char> permissions = end < 0 ? clause.AsSpan(i) : clause.AsSpan(i, end);
            i += permissions.Length;
            uint bits = Bits(permissions, who, mode, isFolder);
            mode = operation switch
            {
                '+' => mode | bits,
                '-' => mode & ~bits,
                _ => (mode & ~Mask(who)) | bits,
            };
        }

        return mode;
    }

    private static uint Bits(ReadOnlySpan<char> permissions, string who, uint mode, bool isFolder)
    {
        if (permissions is "u" or "g" or "o")
        {
            return Spread((mode >> Shift(permissions[0])) & 7, who);
        }

        uint bits = 0;
        foreach (char permission in permissions)
        {
            bits |= permission switch
            {
                'r' => Spread(4, who),
                'w' => Spread(2, who),
                'x' => Spread(1, who),
                'X' => isFolder || (mode & 0x49) != 0 ? Spread(1, who) : 0,
                's' => (who.Contains('u') ? SetUser : 0) | (who.Contains('g') ? SetGroup : 0),
                _ => Sticky,
            };
        }

        return bits;
    }

    private static uint Mask(string who) => Spread(7, who)
        | (who.Contains('u') ? SetUser : 0) | (who.Contains('g') ? SetGroup : 0) | (who == "ugo" ? Sticky : 0);

    private static uint Spread(uint bits, string who)
    {
        uint all = 0;
        foreach (char one in who)
        {
            all |= bits << Shift(one);
        }

        return all;
    }

    private static int Shift(char who) => who switch { 'u' => 6, 'g' => 3, _ => 0 };
}
