// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace Tare.Server.Registry.Access;

/// <summary>Comparisons that take as long for a wrong secret as for a right one.</summary>
internal static class Constant
{
    public static bool Equal(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
