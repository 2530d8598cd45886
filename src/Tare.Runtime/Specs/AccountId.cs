// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>User and group ids as text: numbers are numbers, everything else is a name, nothing is both.</summary>
/// <remarks>CVE-2016-3697, CVE-2024-40635: a number is never looked up as a name, one out of range is never cut or
/// taken for a name. So text that begins like a number must be one.</remarks>
internal static class AccountId
{
    /// <summary>The kernel keeps the upper half for itself in places, and docker refuses it.</summary>
    private const long Max = int.MaxValue;

    /// <summary>Characters of a name; what useradd allows is 32.</summary>
    private const int MaxNameLength = 256;

    /// <summary>The number that the text spells; null for text that can be a name.</summary>
    /// <param name="what">user or group, for the error</param>
    /// <param name="text">not empty</param>
    /// <exception cref="TareException">InvalidArgument for a number out of range and for what is neither</exception>
    public static uint? Read(string what, string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            bool fits = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            return fits && number <= Max
                ? (uint)number
                : throw new TareException(
                    ErrorKind.InvalidArgument, $"{what} {Quoted.Text(text)} is not an id from 0 to {Max}");
        }
        bool isName = text.Length <= MaxNameLength && !char.IsDigit(text[0]) && text[0] is not ('-' or '+' or '#')
            && text.All(static c => !char.IsControl(c) && !char.IsWhiteSpace(c) && c is not (':' or ',' or '/'));
        return isName
            ? null
            : throw new TareException(
                ErrorKind.InvalidArgument, $"{what} {Quoted.Text(text)} is neither a name nor an id");
    }

    /// <summary>The number in a field of passwd or group; false for anything but digits in range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out uint id)
    {
        bool isNumber = uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= Max;
        id = isNumber ? id : 0;
        return isNumber;
    }
}
