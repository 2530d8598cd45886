// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Runtime.Bundles;

/// <summary>One of the integer types of the specification's documents.</summary>
/// <param name="Wanted">for messages</param>
/// <param name="Fits">true when the number under the reader is one</param>
internal sealed record NumberKind(string Wanted, NumberKind.Test Fits)
{
    private static readonly Dictionary<Type, NumberKind> Kinds = new()
    {
        [typeof(ushort)] = Range($"{ushort.MinValue} to {ushort.MaxValue}", (ref r) => r.TryGetUInt16(out _)),
        [typeof(int)] = Range($"{int.MinValue} to {int.MaxValue}", (ref r) => r.TryGetInt32(out _)),
        [typeof(uint)] = Range($"{uint.MinValue} to {uint.MaxValue}", (ref r) => r.TryGetUInt32(out _)),
        [typeof(long)] = Range($"{long.MinValue} to {long.MaxValue}", (ref r) => r.TryGetInt64(out _)),
        [typeof(ulong)] = Range($"{ulong.MinValue} to {ulong.MaxValue}", (ref r) => r.TryGetUInt64(out _)),
    };

    public delegate bool Test(ref Utf8JsonReader reader);

    /// <summary>Null when the type is no integer.</summary>
    public static NumberKind? Of(Type type) => Kinds.GetValueOrDefault(type);

    private static NumberKind Range(string range, Test fits) => new($"a whole number from {range}", fits);
}
