// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>What a disk keeps of the writes that no flush followed when the power goes.</summary>
internal enum Survival
{
    /// <summary>nothing</summary>
    None,

    /// <summary>all that it acknowledged</summary>
    All,

    /// <summary>each or not, in no order, and of some a part of the sectors</summary>
    Some,
}

/// <summary>The power goes.</summary>
/// <param name="Moment">how many events had happened</param>
/// <param name="Survival">of what was volatile</param>
/// <param name="Seed">chooses what survives</param>
internal readonly record struct CrashPoint(int Moment, Survival Survival, int Seed)
{
    /// <summary>
    /// At least so many points, in the order of their moments: at each moment of interest all three ways, at each flush with
    /// nothing and with some, then at random until there are enough.
    /// </summary>
    public static CrashPoint[] Choose(BlockLog log, IEnumerable<int> moments, int count)
    {
        int end = log.Now;
        int[] flushes = [.. Enumerable.Range(1, end).Where(moment => log.Events[moment - 1].IsFlush)];
        List<CrashPoint> points = [.. moments.Distinct().SelectMany(moment => Enum.GetValues<Survival>().Select(s => new CrashPoint(moment, s, moment)))];
        points.AddRange(flushes.Select(moment => new CrashPoint(moment, Survival.None, 0)));

        // before a flush is when most is volatile
        points.AddRange(flushes.Select(moment => new CrashPoint(moment - 1, Survival.Some, moment)));
        var random = new Random(end);
        while (points.Count < count)
        {
            points.Add(new(random.Next(end + 1), (Survival)random.Next(3), points.Count));
        }

        points = [.. points.OrderBy(point => point.Moment)];
        int stride = Math.Max(1, points.Count / Math.Max(count, 1));
        return [.. points.Where((_, i) => i % stride == 0)];
    }

    public override string ToString() => $"after event {Moment}, {Survival} of the volatile writes kept (seed {Seed})";
}
