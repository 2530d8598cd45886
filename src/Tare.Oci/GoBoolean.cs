// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>Truth values as Go's programs take them: <c>1 t T true TRUE True</c> and their counterparts.</summary>
/// <remarks>pkg.go.dev/strconv#ParseBool</remarks>
internal static class GoBoolean
{
    /// <summary>Null for any other text.</summary>
    public static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
