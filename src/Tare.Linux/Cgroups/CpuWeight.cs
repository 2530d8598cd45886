// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>v1's cpu.shares (2 to 262144, 1024 ordinary) as v2's cpu.weight (1 to 10000, 100 ordinary).</summary>
/// <remarks>The curve that runc 1.4, crun 1.23 and Kubernetes share: it meets both ends and the ordinary value.</remarks>
internal static class CpuWeight
{
    private const ulong LeastShares = 2;
    private const ulong MostShares = 262_144;
    private const long MostWeight = 10_000;

    internal static long FromShares(ulong shares)
    {
        if (shares <= LeastShares)
        {
            return 1;
        }

        if (shares >= MostShares)
        {
            return MostWeight;
        }

        double log = Math.Log2(shares);
        double exponent = (((log * log) + (125 * log)) / 612.0) - (7.0 / 34.0);
        return (long)Math.Ceiling(Math.Pow(10, exponent));
    }
}
