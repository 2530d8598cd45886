// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;

namespace Tare.Build.Steps;

/// <summary>The key of a step's record: what it does and the content of all that it begins with.</summary>
/// <remarks>Layers count by their ChainId, which names content; files of contexts by names, modes and bytes. Times, umask,
/// places of checkouts, names of stages and values of secrets are not in it.</remarks>
internal static class StepKey
{
    private const string Version = "tare step 1";

    /// <param name="operation">what it does</param>
    /// <param name="time">stands in what it makes</param>
    /// <param name="parts">adds what it begins with</param>
    public static string Of(Operation operation, BuildTime time, Action<DefinitionWriter> parts)
    {
        using DefinitionWriter writer = new();
        writer.Add(Version);
        operation.Write(writer);
        writer.Add(time.Moment.ToUnixTimeSeconds());
        writer.Add(time.IsGiven);
        parts(writer);
        return writer.Id().Digest.Hex;
    }
}
